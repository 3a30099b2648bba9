import type { Page } from "@playwright/test";
import { expect, expectAccessible, test } from "../fixtures/house.ts";
import { name, other, Services } from "../fixtures/services.ts";
import { fact } from "../pages/aws.ts";
import { fillIn } from "../pages/sign_in.ts";

// Each has a server of its own, and several looks by axe.
test.describe.configure({ timeout: 90_000 });

let services: Services;
test.beforeEach(async () => {
  services = await Services.start();
});
test.afterEach(async () => services.stop());

/** Signs in, opens services, and comes back to the portal. */
async function openServices(page: Page, slugs: string[], javaScript = true): Promise<void> {
  const home = services.rolecall.url;
  await page.goto(home);
  await fillIn(page, "ada");
  for (const slug of slugs) {
    await page.goto(`${home}/application/saml/${slug}/sso/binding/init/`);
    if (!javaScript) await page.getByRole("button", { name: "Continue" }).click();
    await expect(page.getByRole("heading", { name: `Signed in at ${name(slug)}` })).toBeVisible();
  }
  await page.goto(home);
}

/** Signs in, opens both services, and signs out as far as the one that is stuck. Returns whom it is stuck at, and who is left. */
async function getStuck(page: Page, javaScript: boolean): Promise<[string, string]> {
  await openServices(page, ["wiki", "shop"], javaScript);
  await page.getByRole("button", { name: "Sign out", exact: true }).click();
  await expect(page.getByRole("heading", { name: "is under repair" })).toBeVisible();
  const stuck = services.stuck ?? "";
  return [name(stuck), name(other(stuck))];
}

async function fits(page: Page): Promise<void> {
  const overflow = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  expect(overflow, "nothing is cut off at 320 px").toBeLessThanOrEqual(0);
}

test("who comes back from a stuck service goes on, and is told which did not answer", async ({ page }) => {
  const [stuck, left] = await getStuck(page, true);
  await page.goto(services.rolecall.url);
  await expect(page).toHaveURL(/\/login\?next=%2F$/);
  await expectAccessible(page);
  await page.getByRole("link", { name: "Go on with signing out" }).click();
  await expect(page).toHaveTitle(/^Signing out is not finished/);
  await expect(fact(page, "No answer from")).toContainText(stuck);
  await expect(fact(page, "Not asked yet")).toHaveText(left);
  for (const colorScheme of ["dark", "light"] as const) {
    await page.emulateMedia({ colorScheme });
    await expectAccessible(page);
  }
  await page.setViewportSize({ width: 320, height: 640 });
  await fits(page);
  // By keyboard: the first thing to press is the way on.
  await page.keyboard.press("Tab");
  await expect(page.getByRole("button", { name: "Go on with the others" })).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Signed out, but not everywhere");
  await expect(page.getByText(`You are signed out of: ${left}.`)).toBeVisible();
  await expect(page.getByText(`you may still be signed in there: ${stuck}.`)).toBeVisible();
  await expectAccessible(page);
  await fits(page);
  await page.goto(`${services.rolecall.url}/login`);
  await expect(page.getByText("did not come to its end")).toHaveCount(0);
});

test("who has signed in again finds it on the portal and asks the stuck service once more", async ({ page }) => {
  const [stuck] = await getStuck(page, true);
  await page.goto(services.rolecall.url);
  await fillIn(page, "ada");
  await expect(page.getByRole("heading", { name: "Your applications" })).toBeVisible();
  await expect(page.locator("html")).toHaveAttribute("data-hydrated", "true");
  for (const colorScheme of ["dark", "light"] as const) {
    await page.emulateMedia({ colorScheme });
    await expectAccessible(page);
  }
  await page.getByRole("complementary", { name: "Signing out" }).getByRole("link").click();
  await expect(page.getByText("You have signed in here again since.")).toBeVisible();
  await page.getByRole("button", { name: `Ask ${stuck} again` }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Signed out");
  await expect(page.getByText("You are signed out of: ")).toContainText(stuck);
  await page.goto(services.rolecall.url);
  await expect(page.getByRole("heading", { name: "Your applications" })).toBeVisible();
  await expect(page.getByRole("complementary", { name: "Signing out" })).toHaveCount(0);
});

test("somebody else at the same browser is not shown it", async ({ page }) => {
  await getStuck(page, true);
  await page.goto(services.rolecall.url);
  await fillIn(page, "grace");
  await expect(page.getByRole("heading", { name: "Your applications" })).toBeVisible();
  await expect(page.getByRole("complementary", { name: "Signing out" })).toHaveCount(0);
  await page.goto(`${services.rolecall.url}/logout`);
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Sign out");
  await expectAccessible(page);
});

test("signing out everywhere ends the session of another browser too, and tells each service once", async ({ browser, page }) => {
  services.stuck = "";
  const home = services.rolecall.url;
  const context = await browser.newContext();
  const elsewhere = await context.newPage();
  await openServices(elsewhere, ["wiki"]);
  await openServices(page, ["wiki", "shop"]);
  await expect(page.locator("html")).toHaveAttribute("data-hydrated", "true");
  await page.setViewportSize({ width: 320, height: 640 });
  await fits(page);
  await page.getByRole("link", { name: "Sign out everywhere" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Sign out");
  await expectAccessible(page);
  await fits(page);
  await page.getByRole("button", { name: "Sign out everywhere" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Signed out");
  for (const slug of ["wiki", "shop"]) await expect(page.getByText("You are signed out of: ")).toContainText(name(slug));
  expect([...services.told].sort()).toEqual(["shop: 1", "wiki: 2"]);
  await elsewhere.goto(home);
  await expect(elsewhere).toHaveURL(/\/login\?next=%2F$/);
  await context.close();
});

test.describe("without JavaScript", () => {
  test.use({ javaScriptEnabled: false });

  test("signing out everywhere is a link and a form", async ({ page }) => {
    services.stuck = "";
    await openServices(page, ["wiki"], false);
    await page.getByRole("link", { name: "Sign out everywhere" }).click();
    await page.getByRole("button", { name: "Sign out everywhere" }).click();
    await expect(page.getByRole("heading", { level: 1 })).toHaveText("Signed out");
    await expect(page.getByText("You are signed out of: Wiki.")).toBeVisible();
    expect(services.told).toEqual(["wiki: 1"]);
  });

  test("the way on is the same", async ({ page }) => {
    const [stuck, left] = await getStuck(page, false);
    await page.goto(`${services.rolecall.url}/logout`);
    await page.getByRole("button", { name: "Go on with the others" }).click();
    await expect(page.getByRole("heading", { level: 1 })).toHaveText("Signed out, but not everywhere");
    await expect(page.getByText(`You are signed out of: ${left}.`)).toBeVisible();
    await expect(page.getByText(`you may still be signed in there: ${stuck}.`)).toBeVisible();
  });
});
