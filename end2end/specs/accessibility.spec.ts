import { expect, expectAccessible, openHouse, taken, test } from "../fixtures/house.ts";
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

/** What the demo has none of. */
const FURTHER = `version: 1
policies: [{ name: office, expression: return True }]
webhooks: [{ name: hook, url: "https://hook.example/", secret: whsec_MDEyMzQ1Njc4OTAxMjM0NTY3ODk= }]
scim_providers: [{ name: directory, enabled: false, url: "https://scim.us-east-1.amazonaws.com/x/scim/v2/", token: none }]
`;

const FURTHER_PAGES = [
  "/admin/users/ada/password",
  "/admin/users/ada/sessions",
  "/admin/users/ada/delete",
  "/admin/groups/-/new",
  "/admin/groups/engineering/edit",
  "/admin/groups/engineering/history",
  "/admin/groups/engineering/delete",
  "/admin/policies/office",
  "/admin/policies/office/edit",
  "/admin/policies/office/history",
  "/admin/policies/office/delete",
  "/admin/webhooks/hook",
  "/admin/webhooks/hook/edit",
  "/admin/webhooks/hook/secret",
  "/admin/webhooks/hook/test",
  "/admin/webhooks/hook/history",
  "/admin/webhooks/hook/delete",
  "/admin/scim-providers/directory",
  "/admin/scim-providers/directory/edit",
  "/admin/scim-providers/directory/preview",
  "/admin/scim-providers/directory/objects",
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

    test("every page of what the demo has none of is accessible, and that of an event", async ({ page }) => {
      test.setTimeout(FURTHER_PAGES.length * 10_000);
      const house = await openHouse({ declared: FURTHER });
      try {
        await signIn(page, "admin", `${house.url}/admin`);
        for (const path of FURTHER_PAGES) {
          const answer = await page.goto(house.url + path);
          expect(answer?.status(), path).toBe(200);
          await expectAccessible(page);
        }
        await page.goto(`${house.url}/admin/events?q=office`);
        await taken(page);
        await page.getByRole("table").getByRole("link", { name: /created the policy office/ }).click();
        await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
        await expect(page.getByText("return True").first()).toBeVisible();
        await expectAccessible(page);
      } finally {
        await house.close();
      }
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
