import { expect, expectAccessible, taken, test } from "../fixtures/house.ts";
import { signIn } from "../pages/sign_in.ts";

const POST = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST";

/** One service provider of a federation's file. */
function service(name: string, binding: string, wanted = ""): string {
  return (
    `<md:EntityDescriptor entityID="https://${name}.example/metadata"><md:SPSSODescriptor protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol">` +
    `<md:AssertionConsumerService Binding="${binding}" Location="https://${name}.example/acs" index="0"/>${wanted}</md:SPSSODescriptor></md:EntityDescriptor>`
  );
}

const WANTED =
  `<md:AttributeConsumingService index="0"><md:ServiceName xml:lang="en">Shop</md:ServiceName>` +
  `<md:RequestedAttribute Name="https://aws.amazon.com/SAML/Attributes/RoleSessionName" isRequired="true"/>` +
  `<md:RequestedAttribute Name="urn:nobody:gives:this"/></md:AttributeConsumingService>`;

const FEDERATION =
  `<md:EntitiesDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata">${service("wiki", POST)}${service("shop", POST, WANTED)}` +
  `${service("artifact", "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Artifact")}</md:EntitiesDescriptor>`;

for (const scheme of ["light", "dark"] as const) {
  test.describe(`metadata of several services, in the ${scheme} theme`, () => {
    test.use({ colorScheme: scheme });

    test("is read, one is chosen, and one that cannot be used says why", async ({ page }) => {
      await signIn(page, "admin", "/admin/saml-providers/-/import");
      await taken(page);
      await page.getByLabel("Metadata", { exact: true }).fill(FEDERATION);
      await page.getByRole("button", { name: "Read the metadata" }).click();
      await expect(page.getByRole("heading", { name: "Which service provider" })).toBeVisible();
      const understood = page.getByRole("region", { name: "What was understood" });
      await expect(understood).toHaveCount(0);
      const unusable = page.getByRole("listitem").filter({ hasText: "https://artifact.example/metadata" });
      await expect(unusable).toContainText("cannot be used:");
      await expect(unusable).toContainText("AssertionConsumerService");
      await expect(unusable.getByRole("button")).toHaveCount(0);
      await expectAccessible(page);

      await page.getByRole("button", { name: "https://wiki.example/metadata" }).click();
      await expect(understood.getByText("https://wiki.example/acs")).toBeVisible();
      await page.getByRole("button", { name: "https://shop.example/metadata" }).click();
      await expect(understood.getByText("https://shop.example/acs")).toBeVisible();
      await expect(understood.getByText("https://wiki.example/acs")).toHaveCount(0);
      const wanted = understood.getByRole("region", { name: "Attributes" }).getByRole("row");
      await expect(wanted.filter({ hasText: "RoleSessionName" })).toContainText("AWS session name");
      await expect(wanted.filter({ hasText: "RoleSessionName" })).toContainText("required");
      await expect(wanted.filter({ hasText: "urn:nobody:gives:this" })).toContainText("no mapping gives it yet");
      await expectAccessible(page);
      const name = `shop-${scheme}`;
      await page.getByLabel("Name", { exact: true }).fill(name);
      await page.getByRole("button", { name: "Create the SAML provider" }).click();
      await expect(page).toHaveURL(new RegExp(`/admin/saml-providers/${name}$`));
      await expect(page.locator("dl").getByText("https://shop.example/metadata", { exact: true })).toBeVisible();
    });
  });
}
