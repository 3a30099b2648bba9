// Verdict of samlify. It asks a validator of the caller's for the schema, which validate_schema.py does instead;
// audience, recipient, InResponseTo and the number of assertions are checked here, because it leaves them to the caller.
import { judge, list, load, require_ } from "./common.mjs";

const escaped = (text) => text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/"/g, "&quot;");

await judge(async (given) => {
  const samlify = load("samlify");
  samlify.setSchemaValidator({ validate: async () => "left to validate_schema.py" });
  const identity = samlify.IdentityProvider({
    metadata: `<EntityDescriptor xmlns="urn:oasis:names:tc:SAML:2.0:metadata" entityID="${escaped(given.issuer)}"><IDPSSODescriptor protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol"><KeyDescriptor use="signing"><KeyInfo xmlns="http://www.w3.org/2000/09/xmldsig#"><X509Data><X509Certificate>${given.certificate}</X509Certificate></X509Data></KeyInfo></KeyDescriptor><SingleSignOnService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect" Location="https://idp.invalid/sso"/></IDPSSODescriptor></EntityDescriptor>`,
  });
  const service = samlify.ServiceProvider({
    entityID: given.audience,
    wantAssertionsSigned: true,
    assertionConsumerService: [{ Binding: "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST", Location: given.acs_url }],
  });
  const { extract } = await service.parseLoginResponse(identity, "post", { body: { SAMLResponse: given.response_base64 } });
  const audience = list(extract.audience ?? extract.conditions?.audience);
  require_(audience.length === 1 && audience[0] === given.audience, `Audience ${audience}`);
  const xml = Buffer.from(given.response_base64, "base64").toString("utf8");
  require_(xml.match(/<(\w+:)?Assertion[ >]/g).length === 1, "more than one assertion");
  const recipient = /<[^>]*SubjectConfirmationData[^>]*\bRecipient="([^"]*)"/.exec(xml)?.[1];
  require_(recipient === escaped(given.acs_url), `Recipient ${recipient}`);
  require_((extract.response?.inResponseTo || null) === (given.request_id ?? null), `InResponseTo ${extract.response?.inResponseTo}`);
  const attributes = {};
  for (const [name, value] of Object.entries(extract.attributes ?? {})) attributes[name] = list(value);
  return { nameId: extract.nameID, attributes };
});
