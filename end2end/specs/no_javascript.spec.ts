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
