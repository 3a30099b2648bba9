import { type Page } from "@playwright/test";
import { expect, expectAccessible, expectRefused, openHouse, taken, test } from "../fixtures/house.ts";
import { adaAtAws, takeRole } from "../pages/aws.ts";
import { signIn } from "../pages/sign_in.ts";

const READS = "Session tags, source identity, session duration, attributes for access control";
const SESSION_TAGS = "Session tags (IAM)";
const ACCESS_CONTROL = "Attributes for access control (Identity Center)";
const PREFIX = "https://aws.amazon.com/SAML/Attributes/";

/** IAM Identity Center beside the demo's IAM. */
const CENTER = `version: 1
saml_providers:
  - name: center
    acs_url: https://eu-central-1.signin.aws/platform/saml/acs/tenant
    audience: https://eu-central-1.signin.aws.amazon.com/platform/saml/d-99672f8278
    name_id: { format: email_address }
applications:
  - { slug: center, name: Identity Center, saml_provider: center, bindings: [{ group: engineering }] }
`;

/** The rows of one of the two tables. */
function table(page: Page, name: string) {
  return page.getByRole("group", { name, exact: true }).getByRole("group");
}

/** Adds a row that says the same of everybody. */
async function addText(page: Page, name: string, key: string, text: string): Promise<void> {
  await page.getByRole("button", { name: `Add one to: ${name}` }).click();
  const row = table(page, name).last();
  await row.getByLabel("Key", { exact: true }).fill(key);
  await row.getByLabel("Value", { exact: true }).selectOption({ label: "the same for everybody" });
  await row.getByLabel("Text", { exact: true }).fill(text);
}

/** What the preview says of an attribute. */
function attribute(page: Page, name: string) {
  return page.getByRole("region", { name: "Attributes" }).getByRole("row").filter({ has: page.getByRole("rowheader", { name: PREFIX + name, exact: true }) });
}

for (const scheme of ["light", "dark"] as const) {
  test.describe(`what AWS reads, in the ${scheme} theme`, () => {
    test.use({ colorScheme: scheme, tolerated: [/status of 422/] });

    test("is typed without code, kept to AWS's limits in the form, previewed, and arrives", async ({ page, browser }) => {
      test.slow();
      const house = await openHouse({ declared: CENTER });
      const save = () => page.getByRole("button", { name: "Save" }).click();
      try {
        await signIn(page, "admin", `${house.url}/admin/saml-providers/aws-iam/edit`);
        await taken(page);
        await page.getByText(READS).click();
        await page.getByRole("button", { name: `Add one to: ${SESSION_TAGS}` }).click();
        const rows = table(page, SESSION_TAGS);
        const key = rows.first().getByLabel("Key", { exact: true });
        await save();
        await expect(rows.getByText("a key has 1 to 128 characters")).toBeVisible();
        await key.fill("k".repeat(129));
        await save();
        await expect(rows.getByText("a key has 1 to 128 characters")).toBeVisible();
        await key.fill("Department");
        await save();
        await expect(rows.getByText("this is empty")).toBeVisible();
        await rows.first().getByLabel("Attribute", { exact: true }).fill("department");
        await rows.first().getByLabel("Later roles inherit it").check();

        await addText(page, SESSION_TAGS, "Department", "x".repeat(257));
        await save();
        await expect(rows.last().getByText("the key `Department` is there twice")).toBeVisible();
        await rows.last().getByLabel("Key", { exact: true }).fill("Project");
        await save();
        await expect(rows.last().getByText("a value has at most 256 characters")).toBeVisible();
        await rows.last().getByLabel("Text", { exact: true }).fill("difference engine");

        await page.getByLabel("Source identity (IAM)").selectOption({ label: "the same for everybody" });
        const source = page.getByRole("group", { name: "What AWS reads" }).locator("#source_identity-text");
        await source.fill("aws:ada");
        await page.getByLabel("Session duration (IAM)").fill("14m");
        await save();
        await expectRefused(page, "Source identity (IAM)", "does not begin with aws:");
        await expectRefused(page, "Session duration (IAM)", "AWS takes 15m to 12h");
        await expectAccessible(page);
        await page.getByLabel("Source identity (IAM)").selectOption({ label: "a field of the user" });
        await page.getByRole("group", { name: "What AWS reads" }).locator("#source_identity-text").selectOption("username");
        await page.getByLabel("Session duration (IAM)").fill("45m");
        await save();
        await expect(page).toHaveURL(/\/admin\/saml-providers\/aws-iam$/);

        await page.goto(`${house.url}/admin/applications/aws/preview?user=ada`);
        await expect(attribute(page, "PrincipalTag:Department")).toContainText("Engines");
        await expect(attribute(page, "PrincipalTag:Project")).toContainText("difference engine");
        await expect(attribute(page, "TransitiveTagKeys").getByRole("listitem")).toHaveText(["Department"]);
        await expect(attribute(page, "SourceIdentity")).toContainText("ada");
        await expect(attribute(page, "SessionDuration")).toContainText("2700");
        await expectAccessible(page);
        await adaAtAws(browser, house, async (ada) => {
          await takeRole(ada, "Admin");
          for (const found of ["Engines", "difference engine", "Source identity"]) await expect(ada.getByText(found, { exact: true })).toBeVisible();
        });

        // The row is there again, and goes.
        await page.goto(`${house.url}/admin/saml-providers/aws-iam/edit`);
        await taken(page);
        await page.getByText(READS).click();
        await expect(rows).toHaveCount(2);
        await expect(rows.first().getByLabel("Later roles inherit it")).toBeChecked();
        await rows.last().getByRole("button", { name: "Remove" }).click();
        await expect(rows).toHaveCount(1);
        await save();
        await expect(page).toHaveURL(/\/admin\/saml-providers\/aws-iam$/);
        await page.goto(`${house.url}/admin/applications/aws/preview?user=ada`);
        await expect(attribute(page, "PrincipalTag:Department")).toHaveCount(1);
        await expect(attribute(page, "PrincipalTag:Project")).toHaveCount(0);

        await page.goto(`${house.url}/admin/saml-providers/center/edit`);
        await taken(page);
        await page.getByText(READS).click();
        await addText(page, ACCESS_CONTROL, "", "1843");
        await expect(table(page, ACCESS_CONTROL).getByLabel("Later roles inherit it")).toHaveCount(0);
        await save();
        await expect(table(page, ACCESS_CONTROL).getByText("a key has 1 to 128 characters")).toBeVisible();
        await table(page, ACCESS_CONTROL).getByLabel("Key", { exact: true }).fill("CostCenter");
        await save();
        await expect(page).toHaveURL(/\/admin\/saml-providers\/center$/);
        await page.goto(`${house.url}/admin/applications/center/preview?user=ada`);
        await expect(attribute(page, "AccessControl:CostCenter")).toContainText("1843");
        await expectAccessible(page);
        await page.goto("about:blank");
      } finally {
        await house.close();
      }
    });
  });
}
