// Verdict of @node-saml/node-saml. Recipient, SHA-1 and InResponseTo of unsolicited responses are checked here, because it lets them pass.
import { judge, list, load, pem, require_ } from "./common.mjs";

await judge(async (given) => {
  const { SAML, ValidateInResponseTo } = load("@node-saml/node-saml");
  const requests = new Map(given.request_id ? [[given.request_id, new Date().toISOString()]] : []);
  const saml = new SAML({
    callbackUrl: given.acs_url,
    issuer: given.audience,
    audience: given.audience,
    idpCert: pem(given.certificate),
    idpIssuer: given.issuer,
    entryPoint: "https://idp.invalid/sso",
    wantAssertionsSigned: true,
    wantAuthnResponseSigned: false,
    acceptedClockSkewMs: 0,
    validateInResponseTo: given.request_id ? ValidateInResponseTo.always : ValidateInResponseTo.never,
    cacheProvider: {
      saveAsync: async () => null,
      getAsync: async (id) => requests.get(id) ?? null,
      removeAsync: async (id) => (requests.delete(id) ? id : null),
    },
  });
  const { profile } = await saml.validatePostResponseAsync({ SAMLResponse: given.response_base64 });
  require_(profile, "no profile came out");
  const assertion = profile.getAssertion().Assertion;
  require_(profile.issuer === given.issuer, `Issuer ${profile.issuer}`);
  const confirmations = assertion.Subject[0].SubjectConfirmation;
  require_(confirmations?.length === 1, "one SubjectConfirmation");
  const data = confirmations[0].SubjectConfirmationData[0].$;
  require_(data.Recipient === given.acs_url, `Recipient ${data.Recipient}`);
  require_((data.InResponseTo ?? null) === (given.request_id ?? null), `InResponseTo ${data.InResponseTo}`);
  require_(Date.parse(data.NotOnOrAfter) > Date.now(), `NotOnOrAfter ${data.NotOnOrAfter}`);
  require_(!profile.getSamlResponseXml().includes("xmldsig#rsa-sha1"), "SHA-1");
  const attributes = {};
  for (const [name, value] of Object.entries(profile.attributes ?? {})) attributes[name] = list(value);
  return { nameId: profile.nameID, attributes };
});
