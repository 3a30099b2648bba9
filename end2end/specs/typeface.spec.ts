import { expect, test } from "../fixtures/house.ts";
import { signIn } from "../pages/sign_in.ts";

/** The moments at which something moved that nobody had touched; see the specification of layout instability. */
const WATCH = () => {
  const moved: number[] = [];
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) moved.push((entry as unknown as { value: number }).value);
  }).observe({ type: "layout-shift", buffered: true });
  Object.assign(globalThis, { moved });
};

test("the typeface is our own, every page has it, and nothing moves when it comes late", async ({ page, house }) => {
  const elsewhere: string[] = [];
  page.on("request", (request) => {
    if (!request.url().startsWith(house.url) && !request.url().startsWith("data:")) elsewhere.push(request.url());
  });
  await page.route("**/fonts/*", async (route) => {
    await new Promise((resolve) => setTimeout(resolve, 500));
    await route.continue();
  });
  await page.addInitScript(WATCH);
  for (const path of ["/login", "/admin/users"]) {
    if (path === "/login") await page.goto(path);
    else await signIn(page, "admin", path);
    const loaded = () => {
      const names: string[] = [];
      document.fonts.forEach((face) => face.status === "loaded" && names.push(face.family.replaceAll('"', "")));
      return names;
    };
    await expect.poll(() => page.evaluate(loaded), { message: path }).toContain("Inter");
    expect(await page.evaluate(() => document.fonts.check("16px Inter"))).toBe(true);
    const family = await page.locator("h1").evaluate((heading) => getComputedStyle(heading).fontFamily);
    expect(family).toMatch(/^Inter/);
    const moved = await page.evaluate(() => (globalThis as unknown as { moved: number[] }).moved.reduce((sum, value) => sum + value, 0));
    expect(moved, `${path} moved`).toBeLessThan(0.05);
  }
  expect(elsewhere, "nothing comes from another host").toEqual([]);
});
