import type { Page } from "@playwright/test";
import { expect, taken, test } from "../fixtures/house.ts";
import { signIn } from "../pages/sign_in.ts";

/** How far below the first element the second begins; undefined where one of them is missing. */
async function gap(page: Page, above: string, below: string): Promise<number | undefined> {
  return page.evaluate(
    ([above, below]) => {
      const [first, second] = [above, below].map((selector) => document.querySelector(selector ?? "")?.getBoundingClientRect());
      return first && second ? Math.round((second.top - first.bottom) * 10) / 10 : undefined;
    },
    [above, below],
  );
}

test("heading, help, search and list stand apart by two steps of the grid", async ({ page }) => {
  await signIn(page, "admin", "/admin");
  for (const path of ["/admin/users", "/admin/property-mappings", "/admin/keys", "/admin/saml-providers"]) {
    await page.goto(path);
    expect(await gap(page, "#main h1", "#main .search"), path).toBe(16);
    expect(await gap(page, "#main .search form", "#main .scroll"), path).toBe(16);
  }
  await page.goto("/admin/applications/aws/preview");
  expect(await gap(page, "#main .tabs", "#main .help")).toBe(16);
  expect(await gap(page, "#main .help", "#main .search")).toBe(16);
  const heights = await page.locator(".search").evaluate((search) => [search.querySelector("input[type=search]"), search.querySelector("button")].map((e) => e?.getBoundingClientRect().height));
  expect(heights).toEqual([40, 40]);
});

test("a moment takes the same room when the browser says how long ago it was", async ({ page, browser, house }) => {
  const context = await browser.newContext({ baseURL: house.url, javaScriptEnabled: false });
  const plain = await context.newPage();
  await signIn(plain, "admin", "/admin/events");
  const width = (which: Page) =>
    which.locator("td time").first().evaluate(async (time) => {
      await document.fonts.ready;
      return time.getBoundingClientRect().width;
    });
  const before = await width(plain);
  await context.close();
  await signIn(page, "admin", "/admin/events");
  await taken(page);
  await expect(page.locator("td time").first()).toContainText(/now|ago/);
  expect(await width(page)).toBe(before);
});
