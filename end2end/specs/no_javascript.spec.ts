import { expect, test } from "../fixtures/house.ts";
import { takeRole } from "../pages/aws.ts";
import { fillIn } from "../pages/sign_in.ts";

test.use({ javaScriptEnabled: false });

test("sign-on works without JavaScript, by one press of a button", async ({ page, house }) => {
  await page.goto("/application/saml/aws/sso/binding/init/");
  await fillIn(page, "ada");
  await page.getByRole("button", { name: "Continue" }).click();
  await expect(page).toHaveURL(`${house.aws}/saml`);
  await takeRole(page, "ReadOnly");
});

test("the console's lists are read without JavaScript", async ({ page }) => {
  await page.goto("/admin/applications");
  await fillIn(page, "audrey");
  await page.getByLabel("Search").fill("no such thing");
  await page.getByRole("button", { name: "Search" }).click();
  await expect(page).toHaveURL(/q=no\+such\+thing/);
  await expect(page.getByText("Nothing matches")).toBeVisible();
});

test("an expression is written without JavaScript", async ({ page }) => {
  await page.goto("/admin/policies/-/new");
  await fillIn(page, "admin");
  await page.getByLabel("Name", { exact: true }).fill("no-scripts");
  const expression = page.getByLabel("Expression", { exact: true });
  await expression.fill("return user.is_active");
  await expect(expression, "what is typed is seen").not.toHaveCSS("color", "rgba(0, 0, 0, 0)");
  await page.getByRole("button", { name: "Create the policy" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Policy no-scripts");
  await page.getByRole("link", { name: "Delete", exact: true }).click();
  await page.getByRole("button", { name: "Delete no-scripts" }).click();
  await expect(page).toHaveURL(/\/admin\/policies\?done=deleted$/);
});
