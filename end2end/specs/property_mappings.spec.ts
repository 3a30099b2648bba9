import { expect, expectAccessible, taken, test } from "../fixtures/house.ts";
import { signIn } from "../pages/sign_in.ts";

test.describe("property mappings", () => {
  test.use({ tolerated: [/status of 422/] });

  test("a shipped mapping is copied, changed, tried for a person and saved", async ({ page }) => {
    await signIn(page, "admin", "/admin/property-mappings");
    await taken(page);
    await expectAccessible(page);
    await page.getByRole("link", { name: "rolecall default SAML: email" }).click();
    await expect(page.getByText("It comes with Rolecall")).toBeVisible();
    await expect(page.getByRole("link", { name: "Edit", exact: true })).toHaveCount(0);
    await page.getByRole("link", { name: "Copy", exact: true }).click();
    await expect(page.getByLabel("Name", { exact: true })).toHaveValue("Copy of SAML: email");
    await page.getByLabel("Expression", { exact: true }).fill("x = 1\nreturn x.nothing");
    await page.getByLabel("For the user").fill("ada");
    await page.getByRole("button", { name: "Try the expression" }).click();
    await expect(page.getByText("line 2")).toBeVisible();
    await page.getByLabel("Expression", { exact: true }).fill("return user.email.upper()");
    await page.getByRole("button", { name: "Try the expression" }).click();
    await expect(page.getByText("ADA@EXAMPLE.COM", { exact: true })).toBeVisible();
    await expectAccessible(page);
    await page.getByRole("button", { name: "Create the property mapping" }).click();
    await expect(page.getByRole("heading", { level: 1 })).toHaveText("Property mapping Copy of SAML: email");
    await page.getByRole("link", { name: "Edit", exact: true }).click();
    await page.getByLabel("Expression", { exact: true }).fill("return (");
    await page.getByRole("button", { name: "Save" }).click();
    await expect(page.getByLabel("Expression", { exact: true })).toHaveAttribute("aria-invalid", "true");
    await page.getByLabel("Expression", { exact: true }).fill("return user.email");
    await page.getByRole("button", { name: "Save" }).click();
    await expect(page.getByRole("row").filter({ hasText: "changed the property mapping" })).toHaveCount(1);
    await page.getByRole("button", { name: "Delete the property mapping" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Delete", exact: true }).click();
    await expect(page).toHaveURL(/\/admin\/property-mappings$/);
  });
});

test("the list of events says that newer ones are there and shows them when asked", async ({ page, browser, house }) => {
  await signIn(page, "admin", "/admin/events");
  await taken(page);
  const other = await browser.newPage({ baseURL: house.url });
  await signIn(other, "ada");
  await other.close();
  await page.getByRole("button", { name: /new event/ }).click();
  await expect(page.getByRole("row").nth(1)).toContainText("ada signed in");
});
