import { expect, expectAccessible, test } from "../fixtures/house.ts";
import { Server } from "../fixtures/server.ts";
import { signIn } from "../pages/sign_in.ts";

const PAGES = [
  "/",
  "/admin",
  "/admin/applications",
  "/admin/applications?q=nothing+matches",
  "/admin/applications/aws",
  "/admin/applications/aws/edit",
  "/admin/applications/aws/preview?user=ada",
  "/admin/applications/aws/history",
  "/admin/saml-providers",
  "/admin/saml-providers/aws-iam",
  "/admin/saml-providers/aws-iam/edit",
  "/admin/saml-providers/aws-iam/metadata",
  "/admin/saml-providers/aws-iam/test",
  "/admin/saml-providers/aws-iam/responses",
  "/admin/saml-providers/-/new",
  "/admin/saml-providers/-/import",
  "/admin/scim-providers",
  "/admin/scim-providers/-/new",
  "/admin/applications/-/new",
  "/admin/connect/identity-center",
  "/admin/property-mappings",
  "/admin/property-mappings/-/new",
  "/admin/property-mappings/AWS%20role%20by%20group",
  "/admin/property-mappings/AWS%20role%20by%20group/edit",
  "/admin/keys",
  "/admin/keys/rolecall",
  "/admin/keys/-/new",
  "/admin/keys/-/import",
  "/admin/search?q=ada",
  "/admin/users",
  "/admin/users?select=all",
  "/admin/users/ada",
  "/admin/users/ada/edit",
  "/admin/users/ada/rename",
  "/admin/users/ada/history",
  "/admin/users/-/new",
  "/admin/groups",
  "/admin/groups/engineering",
  "/admin/groups/engineering/rename",
  "/admin/policies",
  "/admin/policies/-/new",
  "/admin/api-tokens",
  "/admin/api-tokens/-/new",
  "/admin/webhooks",
  "/admin/webhooks/-/new",
  "/admin/no/such/page",
  "/admin/events",
];

for (const scheme of ["light", "dark"] as const) {
  test.describe(`in the ${scheme} theme of the system`, () => {
    test.use({ colorScheme: scheme, tolerated: [/status of (40[134]|422)/] });

    test("every page is accessible", async ({ page }) => {
      // Ten seconds for each page on a busy machine.
      test.setTimeout(PAGES.length * 10_000);
      await page.goto("/login");
      await expectAccessible(page);
      await signIn(page, "admin", "/admin");
      for (const path of PAGES) {
        await page.goto(path);
        await expectAccessible(page);
      }
      await page.goto("/no/such/page");
      await expectAccessible(page);
      await page.goto("/application/saml/aws/sso/binding/init/");
      await expect(page.getByRole("heading", { level: 1 })).toContainText("You may not open");
      await expectAccessible(page);
    });

    test("errors of a form are accessible", async ({ page }) => {
      await page.goto("/login");
      await page.getByLabel("User name").fill("nobody");
      await page.getByLabel("Password").fill("wrong");
      await page.getByRole("button", { name: "Sign in" }).click();
      await expect(page.getByRole("alert")).toBeVisible();
      await expectAccessible(page);
    });

    test("the set-up page is accessible", async ({ page }) => {
      const server = await Server.start();
      try {
        await page.goto(server.setUpLink ?? "");
        await expectAccessible(page);
        await page.goto("about:blank");
      } finally {
        await server.stop();
      }
    });
  });
}

for (const theme of ["light", "dark"]) {
  test(`the ${theme} theme is chosen, kept and accessible`, async ({ page }) => {
    await signIn(page, "ada");
    await page.getByRole("button", { name: theme }).click();
    await page.goto("/");
    await expect(page.locator("html")).toHaveAttribute("data-theme", theme);
    await expect(page.getByRole("button", { name: theme })).toHaveAttribute("aria-pressed", "true");
    await expectAccessible(page);
    await page.locator("summary", { hasText: "AWS roles" }).click();
    await expect(page.getByRole("link", { name: "All of them" })).toBeVisible();
    await expectAccessible(page);
    await page.setViewportSize({ width: 320, height: 640 });
    const overflow = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    expect(overflow, "the choice of a role scrolls sideways").toBeLessThanOrEqual(0);
  });
}

test.describe("narrow", () => {
  // One of the pages is not there.
  test.use({ tolerated: [/status of 404/] });

  test("pages fit a width of 320 px", async ({ page }) => {
    await page.setViewportSize({ width: 320, height: 640 });
    await signIn(page, "admin", "/admin");
    for (const path of ["/login", ...PAGES]) {
      await page.goto(path);
      const overflow = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
      expect(overflow, `${path} scrolls sideways`).toBeLessThanOrEqual(0);
    }
  });
});
