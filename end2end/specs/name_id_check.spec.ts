import { expect, expectAccessible, expectRefused, openHouse, taken, test } from "../fixtures/house.ts";
import { signIn } from "../pages/sign_in.ts";

/** Identity Center twice: its directory is told the user name where the sign-on says the address, and the other way round. Emil has no address. */
const DECLARED = `version: 1
users:
  - { username: emil, name: Emil Nobody, groups: [engineering] }
property_mappings:
  - { name: by user name, kind: saml, expression: return user.username }
  - { name: by address, kind: saml, expression: return user.email }
  - name: own
    kind: scim_user
    expression: 'return {"userName": user.username, "displayName": user.name, "name": {"givenName": "A", "familyName": "B"}}'
saml_providers:
  - name: center
    acs_url: https://eu-central-1.signin.aws/platform/saml/acs/tenant
    audience: https://eu-central-1.signin.aws.amazon.com/platform/saml/d-99672f8278
    name_id: { format: email_address, mapping: by address }
  - name: center-again
    acs_url: https://eu-central-1.signin.aws/platform/saml/acs/again
    audience: https://eu-central-1.signin.aws.amazon.com/platform/saml/d-99672f8279
    name_id: { format: email_address, mapping: by user name }
scim_providers:
  - { name: own-scim, url: "https://scim.example/scim/v2", user_mappings: [own], enabled: false }
applications:
  - { slug: center, name: Identity Center, saml_provider: center, backchannel_providers: [own-scim], bindings: [{ group: engineering }] }
  - { slug: again, name: Another, saml_provider: center-again, bindings: [{ group: engineering }] }
`;

for (const scheme of ["light", "dark"] as const) {
  test.describe(`the NameID check of the wizard, in the ${scheme} theme`, () => {
    test.use({ colorScheme: scheme, tolerated: [/status of 422/] });

    test("finds who would not be found, and says what to do", async ({ page }) => {
      test.slow();
      const house = await openHouse({ declared: DECLARED });
      const step = (provider: string) => `${house.url}/admin/connect/identity-center/${provider}/name-id`;
      const fault = page.getByRole("region", { name: "Check", exact: true }).getByRole("alert");
      const line = (what: string) => page.getByRole("region", { name: "What was checked" }).getByRole("row").filter({ hasText: what });
      try {
        await signIn(page, "admin", step("center"));
        await taken(page);
        await page.getByRole("searchbox").fill("ada");
        await page.getByRole("button", { name: "Search" }).click();
        await page.getByRole("link", { name: "ada", exact: true }).click();
        await expect(fault).toContainText("would not find this person");
        await expect(fault).toContainText("NameID is `ada@example.com`, and the userName that own-scim pushes is `ada`");
        // Everybody in scope was looked at, too.
        await expect(page.getByRole("region", { name: "Who would not be found" }).getByRole("row").filter({ hasText: "ada@example.com" })).toBeVisible();
        await expect(line("The NameID is an email address")).toContainText("yes");
        await expect(line("The userName is the same")).toContainText("no");
        await expect(line("The userName is the same")).toContainText("pushed by own-scim");
        await expectAccessible(page);

        await page.goto(`${step("center")}?user=emil`);
        await expect(fault).toContainText("give emil one");
        await expect(line("The NameID is an email address")).toContainText("no");

        await page.goto(`${step("center-again")}?user=ada`);
        await expect(fault).toContainText("The NameID is `ada`, which is no email address");
        await expect(line("The userName is the same")).toContainText("as the mapping for AWS that comes with Rolecall would push it");
        await expectAccessible(page);

        // It may not open the application, and is found all the same.
        await page.goto(`${step("center-again")}?user=audrey`);
        await expect(line("May open the application")).toContainText("denied");

        // What it says is mended where it says.
        await page.goto(`${house.url}/admin/saml-providers/center-again/edit`);
        await taken(page);
        await page.getByLabel("NameID value").selectOption({ label: "what the format asks for" });
        await page.getByLabel("NameID format").selectOption("persistent");
        await page.getByRole("button", { name: "Save" }).click();
        await expectRefused(page, "NameID format", "IAM Identity Center takes the format email_address only");
        await page.getByLabel("NameID format").selectOption("email_address");
        await page.getByRole("button", { name: "Save" }).click();
        await expect(page).toHaveURL(/\/admin\/saml-providers\/center-again$/);
        await page.goto(`${step("center-again")}?user=ada`);
        await expect(page.getByText("Identity Center would find ada.")).toBeVisible();
        await expect(line("The userName is the same")).toContainText("yes");
        await expectAccessible(page);
        await page.goto("about:blank");
      } finally {
        await house.close();
      }
    });
  });
}
