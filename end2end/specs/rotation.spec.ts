import { type Page } from "@playwright/test";
import { expect, expectAccessible, type House, openHouse, taken, test } from "../fixtures/house.ts";
import { adaSignsOn, askIam } from "../pages/aws.ts";
import { confirmKeys, generateKey, nameNextKey, ourMetadata } from "../pages/keys.ts";
import { signIn } from "../pages/sign_in.ts";

/** What an administrator does at AWS: the metadata is downloaded here and uploaded there. */
async function uploadMetadata(page: Page, house: House): Promise<void> {
  await askIam(house, "UpdateSAMLProvider", { SAMLMetadataDocument: await ourMetadata(page) });
}

test.describe("rotation", () => {
  test.use({ tolerated: [/status of 409/] });

  test("the key is changed without a sign-on lost, and a response is looked at afterwards", async ({ browser }) => {
    test.slow();
    const house = await openHouse();
    const context = await browser.newContext({ baseURL: house.url });
    const page = await context.newPage();
    try {
      await signIn(page, "admin", "/admin");
      await taken(page);
      await generateKey(page, house, "idp-next");
      await nameNextKey(page, house, "aws-iam", "idp-next", 5);
      const keys = page.getByRole("region", { name: "Keys of the metadata" });
      await expect(keys.getByRole("row")).toHaveCount(3);
      await expectAccessible(page);

      await page.getByRole("button", { name: "Promote: idp-next" }).click();
      await expect(page.getByRole("alert").filter({ hasText: "nobody has said" })).toBeVisible();
      await adaSignsOn(browser, house);
      await uploadMetadata(page, house);
      await adaSignsOn(browser, house);
      await confirmKeys(page, ["rolecall", "idp-next"]);
      await page.getByRole("button", { name: "Promote: idp-next" }).click();
      await expect(page.getByRole("button", { name: "Retire: rolecall" })).toBeVisible();
      await adaSignsOn(browser, house);
      await page.getByRole("button", { name: "Retire: rolecall" }).click();
      await expect(keys.getByRole("row")).toHaveCount(2);
      await uploadMetadata(page, house);
      await adaSignsOn(browser, house);

      await page.getByRole("link", { name: "Last responses" }).click();
      await expect(page.getByRole("region", { name: "Responses" }).getByRole("row")).toHaveCount(5);
      await page.getByRole("region", { name: "Responses" }).getByRole("link").first().click();
      await expect(page.getByText("no rule is broken")).toBeVisible();
      await expect(page.getByRole("cell", { name: "It verifies with the certificate of idp-next." })).toBeVisible();
      await expect(page.getByRole("heading", { name: "AssumeRoleWithSAML" })).toBeVisible();
      await expectAccessible(page);

      await page.goto("/admin/saml-providers/aws-iam/test");
      await taken(page);
      await page.getByLabel("User").fill("grace");
      await page.getByRole("button", { name: "Make and judge it" }).click();
      await expect(page.getByRole("region", { name: "Rules of SAML" })).toBeVisible();
      await expectAccessible(page);
      await page.getByText("Judge a response that you have").click();
      await page.getByLabel("SAMLResponse", { exact: true }).fill("aGVsbG8=");
      await page.getByRole("button", { name: "Judge it", exact: true }).click();
      await expect(page.getByText("one rule is broken")).toBeVisible();
    } finally {
      await context.close();
      await house.close();
    }
  });
});
