import { expect, expectAccessible, openHouse, taken, test } from "../fixtures/house.ts";
import { fact } from "../pages/aws.ts";
import { signIn } from "../pages/sign_in.ts";

/** Metadata in the shape that IAM Identity Center hands out, with its three hosts. */
function center(tenant: string): string {
  const hosts = ["eu-central-1.signin.aws", "eu-central-1.signin.aws.amazon.com", "eu-central-1.sso.signin.aws"];
  const services = hosts.map(
    (host, index) =>
      `<md:AssertionConsumerService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST" Location="https://${host}/platform/saml/acs/${tenant}" index="${index}"${index === 0 ? ' isDefault="true"' : ""}/>`,
  );
  return `<?xml version="1.0" encoding="UTF-8"?><md:EntityDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata" entityID="https://eu-central-1.signin.aws.amazon.com/platform/saml/d-99672f8278"><md:SPSSODescriptor AuthnRequestsSigned="false" WantAssertionsSigned="true" protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol"><md:NameIDFormat>urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress</md:NameIDFormat>${services.join("")}</md:SPSSODescriptor></md:EntityDescriptor>`;
}

/** Two attributes: one that is plain to be meant, and one that nobody knows. */
const WANTED =
  `<md:AttributeConsumingService index="0"><md:ServiceName xml:lang="en">Wiki</md:ServiceName>` +
  `<md:RequestedAttribute Name="urn:oid:2.5.4.42" FriendlyName="givenName" isRequired="true"/>` +
  `<md:RequestedAttribute Name="urn:nobody:gives:this"/></md:AttributeConsumingService>`;

/** Metadata of a service with one address. */
function wiki(acs: string, wanted = ""): string {
  return (
    `<md:EntityDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata" entityID="https://wiki.example/metadata"><md:SPSSODescriptor protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol">` +
    `<md:AssertionConsumerService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST" Location="https://wiki.example/${acs}" index="0"/>${wanted}</md:SPSSODescriptor></md:EntityDescriptor>`
  );
}

test.describe("SAML providers", () => {
  test.use({ tolerated: [/status of 422/] });

  test("Identity Center's metadata is read, understood, saved, and read again with the difference approved", async ({ page }) => {
    await signIn(page, "admin", "/admin/saml-providers/-/import");
    await taken(page);
    await page.getByLabel("Metadata", { exact: true }).fill("<html/>");
    await page.getByRole("button", { name: "Read the metadata" }).click();
    await expect(page.getByLabel("Metadata", { exact: true })).toHaveAttribute("aria-invalid", "true");
    await page.getByLabel("Metadata", { exact: true }).fill(center("first"));
    await page.getByRole("button", { name: "Read the metadata" }).click();
    await expect(page.getByText("This is IAM Identity Center.")).toBeVisible();
    await expect(page.getByRole("region", { name: "Addresses" }).getByRole("row")).toHaveCount(4);
    await expectAccessible(page);
    await page.getByLabel("Name", { exact: true }).fill("center");
    await page.getByRole("button", { name: "Create the SAML provider" }).click();
    await expect(page).toHaveURL(/\/admin\/saml-providers\/center$/);
    await expectAccessible(page);

    await page.getByRole("link", { name: "Edit", exact: true }).click();
    await page.getByText("Further addresses, signed requests, encryption, logout").click();
    const further = page.getByLabel("Further ACS addresses", { exact: true });
    await further.fill(`${await further.inputValue()}\n9 https://by-hand.example/acs`);
    await page.getByRole("button", { name: "Save" }).click();
    await expect(page).toHaveURL(/\/admin\/saml-providers\/center$/);

    await page.getByRole("link", { name: "Read new metadata" }).click();
    await page.getByLabel("Metadata", { exact: true }).fill(center("second"));
    await page.getByRole("button", { name: "Read the metadata" }).click();
    await expect(page.getByRole("heading", { name: "What would change" })).toBeVisible();
    const differences = page.getByRole("region", { name: "Differences" });
    await expect(differences.getByRole("row").filter({ hasText: "index 9" })).toContainText("hand: it stays");
    await expect(differences.getByRole("checkbox", { name: "index 0" })).toBeChecked();
    await expect(differences.getByRole("checkbox", { name: "index 9" })).not.toBeChecked();
    await expectAccessible(page);
    await page.getByRole("button", { name: "Take these changes" }).click();
    await expect(page).toHaveURL(/\/admin\/saml-providers\/center$/);
    const address = page.locator("dl").getByText("https://eu-central-1.signin.aws/platform/saml/acs/second", { exact: true });
    await expect(address).toBeVisible();
    await expect(page.getByText("https://by-hand.example/acs (index 9)")).toBeVisible();
    await expect(page.getByText("not signed, not verified")).toBeVisible();
    await page.getByRole("button", { name: "Delete the SAML provider" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Delete", exact: true }).click();
    await expect(page).toHaveURL(/\/admin\/saml-providers$/);
  });

  test("what newer metadata asks for is offered as long as nothing gives it, also where nothing else would change", async ({ page }) => {
    test.setTimeout(60_000);
    const house = await openHouse();
    try {
      await signIn(page, "admin", `${house.url}/admin/saml-providers/-/import`);
      await taken(page);
      const read = async (text: string) => {
        await page.getByLabel("Metadata", { exact: true }).fill(text);
        await page.getByRole("button", { name: "Read the metadata" }).click();
      };
      await read(wiki("acs"));
      await page.getByLabel("Name", { exact: true }).fill("wiki");
      await page.getByRole("button", { name: "Create the SAML provider" }).click();
      await expect(page).toHaveURL(/\/admin\/saml-providers\/wiki$/);

      const again = async () => {
        await page.getByRole("link", { name: "Read new metadata" }).click();
        await expect(page.getByRole("heading", { level: 1 })).toHaveText("New metadata for wiki");
        await read(wiki("new-acs", WANTED));
      };
      const take = async () => {
        await page.getByRole("button", { name: "Take these changes" }).click();
        await expect(page).toHaveURL(/\/admin\/saml-providers\/wiki$/);
      };
      const asked = page.getByRole("group", { name: "Attributes that the service asks for" });
      const givenName = asked.getByLabel("givenName (urn:oid:2.5.4.42), required: make the property mapping SAML givenName");
      await again();
      await expect(page.getByRole("region", { name: "Differences" }).getByRole("row")).toHaveCount(2);
      await expect(givenName).not.toBeChecked();
      await expect(asked).toContainText("urn:nobody:gives:this, optional: it is not plain what is meant.");
      await expectAccessible(page);
      await take();
      await expect(page.locator("dl").getByText("https://wiki.example/new-acs", { exact: true })).toBeVisible();
      await expect(fact(page, "Property mappings"), "nobody ticked it").toHaveText("");

      await again();
      await expect(page.getByText("No setting would change.")).toBeVisible();
      await givenName.check();
      await take();
      await expect(fact(page, "Property mappings")).toHaveText("SAML givenName");

      await again();
      await expect(page.getByText("Nothing would change.")).toBeVisible();
      await expect(asked).toHaveCount(0);
      await page.goto("about:blank");
    } finally {
      await house.close();
    }
  });

  test("the partition of AWS fills in the addresses of its IAM", async ({ page }) => {
    await signIn(page, "admin", "/admin/saml-providers/-/new");
    await taken(page);
    await page.getByLabel("AWS partition").selectOption("");
    await expect(page.getByLabel("ACS address", { exact: true })).toHaveValue("");
    await expect(page.getByLabel("Audience", { exact: true })).toHaveValue("");
    await page.getByLabel("AWS partition").selectOption("aws-us-gov");
    await expect(page.getByLabel("ACS address", { exact: true })).toHaveValue("https://signin.amazonaws-us-gov.com/saml");
    await expect(page.getByLabel("Audience", { exact: true })).toHaveValue("urn:amazon:webservices:govcloud");
    await page.getByLabel("Name", { exact: true }).fill("gov");
    await expectAccessible(page);
    await page.getByRole("button", { name: "Create the SAML provider" }).click();
    await expect(page).toHaveURL(/\/admin\/saml-providers\/gov$/);
    await expect(page.getByText("AWS GovCloud (US)")).toBeVisible();
    await page.getByText("Encrypted assertions: hand a key to IAM").click();
    await page.getByLabel("ARN of the SAML provider at IAM").fill("arn:aws-us-gov:iam::123412341234:saml-provider/rolecall");
    await page.getByRole("button", { name: "Show the commands" }).click();
    await expect(page.getByText("--region us-gov-west-1 --saml-provider-arn arn:aws-us-gov:iam::123412341234:saml-provider/rolecall").first()).toBeVisible();
    await taken(page);
    await expectAccessible(page);
    await page.getByRole("button", { name: "Delete the SAML provider" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Delete", exact: true }).click();
    await expect(page).toHaveURL(/\/admin\/saml-providers$/);
  });

  test("a provider is edited by hand, and one in use says why it stays", async ({ page }) => {
    await signIn(page, "admin", "/admin/saml-providers");
    await taken(page);
    await page.getByRole("row").nth(1).getByRole("link").first().click();
    await expect(page.getByText("These applications use it")).toBeVisible();
    await page.getByRole("link", { name: "Edit", exact: true }).click();
    await page.getByText("Times").click();
    await page.getByLabel("Sessions end after").fill("soon");
    await page.getByRole("button", { name: "Save" }).click();
    await expect(page.getByLabel("Sessions end after")).toHaveAttribute("aria-invalid", "true");
    await page.getByLabel("Sessions end after").fill("8h");
    await page.getByRole("button", { name: "Save" }).click();
    await expect(page.getByRole("row").filter({ hasText: "changed the SAML provider" })).toHaveCount(1);
  });
});
