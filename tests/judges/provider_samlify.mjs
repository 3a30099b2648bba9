// A service provider made of samlify. The schema, InResponseTo and audience it leaves to its caller.
import { load } from "./common.mjs";
import { bare, fieldsOf, serve } from "./provider.mjs";

const samlify = load("samlify");
samlify.setSchemaValidator({ validate: async () => "left to validate_schema.py" });
const POST = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST";
const REDIRECT = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect";
const known = new Map();
const sessions = new Map();

// Left to itself, one that wants responses signed looks for their Issuer in its own requests too, and cannot post them.
const signatureConfig = { prefix: "ds", location: { reference: "/*/*[local-name(.)='Issuer']", action: "after" } };

/** The bytes that a query's signature is over: those that came. */
function signed(query) {
  const part = (name) => query.split("&").find((one) => one.startsWith(`${name}=`));
  return [part("SAMLRequest") ?? part("SAMLResponse"), part("RelayState"), part("SigAlg")].filter(Boolean).join("&");
}

function arrived(binding, query, fields) {
  return binding === "redirect" ? { query: fieldsOf(query), octetString: signed(query) } : { body: fields };
}

/** What it made, as the browser carries it. */
function carried(made, relayState) {
  if (!made.entityEndpoint) return { url: made.context };
  return { url: made.entityEndpoint, fields: { [made.type]: made.context, ...(relayState ? { RelayState: relayState } : {}) } };
}

await serve({
  define(sp, { settings }) {
    const secret = settings.sign_requests
      ? { signingCert: bare(settings.certificate), privateKey: settings.key, requestSignatureAlgorithm: settings.algorithm }
      : {};
    const service = samlify.ServiceProvider({
      entityID: settings.entity_id,
      authnRequestsSigned: settings.sign_requests,
      wantAssertionsSigned: settings.wants_assertion,
      wantMessageSigned: settings.wants_response,
      wantLogoutRequestSigned: true,
      wantLogoutResponseSigned: true,
      signatureConfig,
      nameIDFormat: ["urn:oasis:names:tc:SAML:2.0:nameid-format:persistent"],
      assertionConsumerService: [{ Binding: POST, Location: settings.acs, isDefault: true }],
      singleLogoutService: [
        { Binding: REDIRECT, Location: settings.slo },
        { Binding: POST, Location: `${settings.slo}/post` },
      ],
      ...(settings.encrypted ? { isAssertionEncrypted: true, encryptCert: bare(settings.certificate), encPrivateKey: settings.key } : {}),
      ...secret,
    });
    known.set(sp, { settings, service });
    return service.getMetadata();
  },
  meet(sp, { metadata, facts }) {
    const { settings } = known.get(sp);
    const identity = samlify.IdentityProvider({
      metadata,
      isAssertionEncrypted: settings.encrypted,
      requestSignatureAlgorithm: facts.algorithm,
      wantLogoutRequestSigned: true,
      wantLogoutResponseSigned: true,
    });
    Object.assign(known.get(sp), { identity });
  },
  login(sp, { binding }) {
    const { service, identity } = known.get(sp);
    const made = service.createLoginRequest(identity, binding, { relayState: "über/+ =" });
    return { ...carried(made, "über/+ ="), request_id: made.id };
  },
  async consume(sp, { fields, request_id }) {
    const { service, identity, settings } = known.get(sp);
    const { extract } = await service.parseLoginResponse(identity, "post", { body: fields });
    const audience = [extract.audience ?? extract.conditions?.audience].flat();
    if (audience.length !== 1 || audience[0] !== settings.entity_id) throw new Error(`Audience ${audience}`);
    if (extract.response?.inResponseTo !== request_id) throw new Error(`InResponseTo ${extract.response?.inResponseTo}`);
    sessions.set(sp, { logoutNameID: extract.nameID, sessionIndex: extract.sessionIndex?.sessionIndex });
    const attributes = {};
    for (const [name, value] of Object.entries(extract.attributes ?? {})) attributes[name] = [value].flat();
    return { name_id: extract.nameID, attributes };
  },
  logout(sp, { binding }) {
    const { service, identity, settings } = known.get(sp);
    if (settings.encrypted_name_id) throw new Error("its logout request has NameID only");
    const made = service.createLogoutRequest(identity, binding, sessions.get(sp), { relayState: "bye" });
    return { ...carried(made, "bye"), request_id: made.id };
  },
  async logout_answered(sp, { binding, query, fields, request_id }) {
    const { service, identity } = known.get(sp);
    const { extract } = await service.parseLogoutResponse(identity, binding, arrived(binding, query, fields));
    if (extract.response?.inResponseTo !== request_id) throw new Error(`InResponseTo ${extract.response?.inResponseTo}`);
  },
  async logout_asked(sp, { binding, query, fields }) {
    const { service, identity } = known.get(sp);
    const asked = await service.parseLogoutRequest(identity, binding, arrived(binding, query, fields));
    const relayState = binding === "redirect" ? fieldsOf(query).RelayState : fields.RelayState;
    return carried(service.createLogoutResponse(identity, asked, binding, { relayState }), relayState);
  },
});
