// A service provider made of @node-saml/node-saml. It reads no metadata of identity providers: what flows.py read is its
// configuration. Its own logout messages go by HTTP-Redirect only.
import { load } from "./common.mjs";
import { fieldsOf, serve } from "./provider.mjs";

const { SAML, ValidateInResponseTo } = load("@node-saml/node-saml");
const known = new Map();
const sessions = new Map();

const short = (uri) => uri.split("#").pop().replace("rsa-", "");

function options(settings, facts) {
  const requests = new Map();
  return {
    callbackUrl: settings.acs,
    logoutCallbackUrl: settings.slo,
    issuer: settings.entity_id,
    audience: settings.entity_id,
    identifierFormat: "urn:oasis:names:tc:SAML:2.0:nameid-format:persistent",
    idpCert: facts?.certificates ?? settings.certificate,
    idpIssuer: facts?.entity_id,
    entryPoint: facts?.sso.redirect ?? "https://idp.invalid/sso",
    logoutUrl: facts?.slo.redirect,
    wantAssertionsSigned: settings.wants_assertion,
    wantAuthnResponseSigned: settings.wants_response,
    acceptedClockSkewMs: 0,
    validateInResponseTo: ValidateInResponseTo.always,
    cacheProvider: {
      saveAsync: async (id, value) => (requests.set(id, value), { value, createdAt: Date.now() }),
      getAsync: async (id) => requests.get(id) ?? null,
      removeAsync: async (id) => (requests.delete(id) ? id : null),
    },
    ...(settings.sign_requests
      ? {
          privateKey: settings.key,
          publicCert: settings.certificate,
          signatureAlgorithm: short(settings.algorithm),
          digestAlgorithm: short(settings.digest),
        }
      : {}),
    ...(settings.encrypted ? { decryptionPvk: settings.key } : {}),
  };
}

const idOf = (xml) => /\bID="([^"]+)"/.exec(xml)[1];

async function inflated(value) {
  const { inflateRawSync } = await import("node:zlib");
  return inflateRawSync(Buffer.from(value, "base64")).toString("utf8");
}

await serve({
  define(sp, { settings }) {
    known.set(sp, { settings });
    const saml = new SAML(options(settings));
    return saml.generateServiceProviderMetadata(settings.encrypted ? settings.certificate : null, settings.certificate);
  },
  meet(sp, { facts }) {
    const { settings } = known.get(sp);
    known.set(sp, { settings, facts, saml: new SAML(options(settings, facts)) });
  },
  async login(sp, { binding }) {
    const { settings, facts, saml } = known.get(sp);
    if (binding === "redirect") {
      const url = await saml.getAuthorizeUrlAsync("there&back/é", undefined, {});
      return { url, request_id: idOf(await inflated(new URL(url).searchParams.get("SAMLRequest"))) };
    }
    // Unless told otherwise it deflates what it posts, which the POST binding does not know.
    Object.assign(saml.options, { skipRequestCompression: true, entryPoint: facts.sso.post });
    const fields = await saml.getAuthorizeMessageAsync("there&back/é", undefined, {});
    Object.assign(saml.options, { skipRequestCompression: false, entryPoint: facts.sso.redirect });
    return { url: facts.sso.post, fields, request_id: idOf(Buffer.from(fields.SAMLRequest, "base64").toString("utf8")) };
  },
  async consume(sp, { fields }) {
    const { profile } = await known.get(sp).saml.validatePostResponseAsync(fields);
    if (!profile) throw new Error("no profile came out");
    sessions.set(sp, profile);
    const attributes = {};
    for (const [name, value] of Object.entries(profile.attributes ?? {})) attributes[name] = [value].flat();
    return { name_id: profile.nameID, attributes };
  },
  async logout(sp, { binding }) {
    if (known.get(sp).settings.encrypted_name_id) throw new Error("its logout request has NameID only");
    if (binding !== "redirect") throw new Error("the library sends by HTTP-Redirect only");
    const url = await known.get(sp).saml.getLogoutUrlAsync(sessions.get(sp), "bye", {});
    return { url, request_id: idOf(await inflated(new URL(url).searchParams.get("SAMLRequest"))) };
  },
  async logout_answered(sp, { binding, query, fields }) {
    const { saml } = known.get(sp);
    const given = binding === "redirect" ? fieldsOf(query) : fields;
    // It takes an unsigned query for a good one, so whoever uses it has to look.
    if (binding === "redirect" && !given.Signature) throw new Error("the query has no Signature");
    const { loggedOut } = binding === "redirect" ? await saml.validateRedirectAsync(given, query) : await saml.validatePostResponseAsync(given);
    if (!loggedOut) throw new Error("not signed out");
  },
  async logout_asked(sp, { binding, query, fields }) {
    const { saml } = known.get(sp);
    const given = binding === "redirect" ? fieldsOf(query) : fields;
    if (binding === "redirect" && !given.Signature) throw new Error("the query has no Signature");
    const { profile } = binding === "redirect" ? await saml.validateRedirectAsync(given, query) : await saml.validatePostRequestAsync(given);
    return { url: await saml.getLogoutResponseUrlAsync(profile, given.RelayState, {}, true) };
  },
});
