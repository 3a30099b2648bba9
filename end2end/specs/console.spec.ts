import { expect, test } from "../fixtures/house.ts";
import { takeRole } from "../pages/aws.ts";
import { fillIn, signIn } from "../pages/sign_in.ts";

test("a stranger who asks for the console signs in first and lands there", async ({ page }) => {
  await page.goto("/admin/events?q=ada");
  await expect(page).toHaveURL(/\/login\?next=%2Fadmin%2Fevents%3Fq%3Dada/);
  await fillIn(page, "admin");
  await expect(page).toHaveURL(/\/admin\/events\?q=ada$/);
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Events");
});

test("a sign-on shows up in the events", async ({ page, browser, house }) => {
  const member = await browser.newPage({ baseURL: house.url });
  await signIn(member, "grace", "/application/saml/aws/sso/binding/init/");
  await takeRole(member, "Engineer");
  await member.close();

  await signIn(page, "admin", "/admin/events");
  const mine = page.getByRole("row").filter({ has: page.getByRole("cell", { name: "grace", exact: true }) });
  await expect(mine.first()).toBeVisible();
});

test("lists are reached from the navigation, and each page has a title of its own", async ({ page }) => {
  await signIn(page, "admin", "/admin");
  const titles = new Set<string>();
  for (const name of ["Applications", "Users", "Events"]) {
    await page.getByRole("navigation", { name: "Main" }).getByRole("link", { name }).click();
    await expect(page.getByRole("heading", { level: 1 })).toHaveText(name);
    titles.add(await page.title());
  }
  expect(titles.size).toBe(3);
});

test.describe("a member", () => {
  test.use({ tolerated: [/status of 403/] });

  test("does not see the console", async ({ page }) => {
    await signIn(page, "ada");
    await expect(page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Users" })).toHaveCount(0);
    const answer = await page.goto("/admin/users");
    expect(answer?.status()).toBe(403);
    await expect(page.getByRole("heading", { level: 1 })).toHaveText("This page is not for you");
  });
});

test("signing out ends the session", async ({ page }) => {
  await signIn(page, "ada");
  await page.getByRole("button", { name: "Sign out", exact: true }).click();
  await expect(page).toHaveURL(/\/login$/);
  await page.goto("/");
  await expect(page).toHaveURL(/\/login/);
});
