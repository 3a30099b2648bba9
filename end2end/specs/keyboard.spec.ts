import { expect, PASSWORD, test } from "../fixtures/house.ts";
import { fact } from "../pages/aws.ts";

test("signing in and reaching the console needs no mouse", async ({ page, house }) => {
  await page.goto("/");
  await page.keyboard.press("Tab");
  await expect(page.getByLabel("User name"), "the first stop is the first field").toBeFocused();
  await page.keyboard.type("ada");
  await page.keyboard.press("Tab");
  await page.keyboard.type(PASSWORD);
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Your applications");

  await page.keyboard.press("Tab");
  await expect(page.getByRole("link", { name: "Skip to content" })).toBeFocused();
  await page.keyboard.press("Enter");
  await page.keyboard.press("Tab");
  await expect(page.getByRole("link", { name: /Amazon Web Services/ }), "the skip link leads past the navigation").toBeFocused();
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(`${house.aws}/saml`);

  await page.getByRole("radio").first().focus();
  await page.keyboard.press("Space");
  await page.keyboard.press("Enter");
  await expect(fact(page, "Session name")).toHaveText("ada");
});

test("focus is always visible", async ({ page }) => {
  await page.goto("/login");
  for (let steps = 0; steps < 3; steps += 1) {
    await page.keyboard.press("Tab");
    const outline = await page.locator(":focus").evaluate((element) => getComputedStyle(element).outlineStyle);
    expect(outline).not.toBe("none");
  }
});
