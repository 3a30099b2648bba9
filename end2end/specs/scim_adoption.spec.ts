import { expect, expectAccessible, openHouse, taken, test } from "../fixtures/house.ts";
import { SCIM_TOKEN } from "../fixtures/sandbox.ts";
import { signIn } from "../pages/sign_in.ts";
import type { Page } from "@playwright/test";
import type { House } from "../fixtures/house.ts";
import type { Sandbox } from "../fixtures/sandbox.ts";

/** userName and displayName of everybody in the directory, sorted. */
async function shown(sandbox: Sandbox): Promise<string[]> {
  const { users } = (await sandbox.control("GET", "directory")) as { users: { userName: string; displayName: string }[] };
  return users.map((user) => `${user.userName}: ${user.displayName}`).sort();
}

/** Makes a provider that asks before it takes anything over. */
async function connect(page: Page, { url, sandbox }: House): Promise<void> {
  await signIn(page, "admin", `${url}/admin/scim-providers/-/new`);
  await taken(page);
  await page.getByLabel("Name", { exact: true }).fill("aws-scim");
  await page.getByLabel("SCIM endpoint").fill(sandbox.scim);
  await page.getByLabel("Access token").fill(SCIM_TOKEN);
  await page.getByLabel("aws", { exact: true }).check();
  await page.getByLabel("Users and groups there with the name of one of ours").selectOption("ask");
  await page.getByRole("button", { name: "Create the SCIM provider" }).click();
  await expect(page).toHaveURL(/\/aws-scim$/);
}

test("a page that was read just before something moved shows it nevertheless", async ({ page }) => {
  test.setTimeout(60_000);
  const house = await openHouse();
  try {
    await house.sandbox.byHand("ada@example.com");
    // Everything that moves is heard of when it has moved already; the page itself was read before.
    let moved = () => {};
    const moving = new Promise<void>((resolve) => (moved = resolve));
    await page.route("**/read_scim_progress*", async (route) => {
      let response = await route.fetch();
      while (!(await response.text()).includes("waits_for_adoption")) response = await route.fetch();
      moved();
      await route.fulfill({ response });
    });
    await page.route("**/aws-scim/progress", async (route) => {
      await moving;
      await route.continue();
    });
    let reads = 0;
    await page.route("**/read_scim_provider*", async (route) => {
      await moving;
      const response = await route.fetch();
      const now = await response.text();
      // The two readings that the page begins with.
      reads += 1;
      await route.fulfill({ response, body: reads > 2 ? now : now.replace("waits_for_adoption", "running") });
    });
    await connect(page, house);
    await expect(page.getByRole("region", { name: "Whose are these?" })).toBeVisible({ timeout: 20_000 });
    expect(reads).toBeGreaterThan(2);
    await page.goto("about:blank");
  } finally {
    await house.close();
  }
});

for (const scheme of ["light", "dark"] as const) {
  test.describe(`namesakes, in the ${scheme} theme`, () => {
    test.use({ colorScheme: scheme });

    test("are listed and decided before anything is written", async ({ page }) => {
      test.setTimeout(120_000);
      const house = await openHouse();
      const { sandbox } = house;
      try {
        for (const name of ["ada@example.com", "grace@example.com", "stranger@example.com"]) await sandbox.byHand(name);
        const before = await shown(sandbox);

        await connect(page, house);

        // The page moves by itself: nobody loads it again.
        const undecided = page.getByRole("region", { name: "Whose are these?" });
        await expect(undecided).toBeVisible({ timeout: 20_000 });
        await expect(undecided.getByRole("cell", { name: "user ada@example.com" })).toBeVisible();
        await expect(undecided.getByText("stranger@example.com"), "nothing of ours is like it").toHaveCount(0);
        await expectAccessible(page);
        expect(await shown(sandbox), "something was written before it was decided").toEqual(before);

        await undecided.getByRole("button", { name: "Take over ada@example.com" }).click();
        await expect(undecided.getByRole("button", { name: "Take over ada@example.com" })).toHaveCount(0);
        expect(await shown(sandbox), "one is not decided yet").toEqual(before);
        await undecided.getByRole("button", { name: "Leave grace@example.com alone" }).click();

        await expect(page.locator(".lead")).toContainText("synchronised", { timeout: 20_000 });
        await expect(undecided).toHaveCount(0);
        expect(await shown(sandbox)).toEqual(["ada@example.com: Ada Lovelace", "grace@example.com: By hand", "stranger@example.com: By hand"]);

        // Ours are reported where the name is taken; theirs stay theirs.
        await page.getByRole("link", { name: "What is there" }).click();
        const row = (name: string) => page.getByRole("row").filter({ hasText: name });
        await expect(row("stranger@example.com")).toContainText("not ours");
        await expect(row("ada@example.com")).toContainText("there");
        await expectAccessible(page);

        // What AWS would say to ours is known before it is sent.
        await page.goto(`${house.url}/admin/scim-providers/aws-scim/preview?user=grace`);
        const preview = page.getByRole("region", { name: "What would be sent" });
        await expect(preview).toContainText("the service would answer 409 Refused to create a new, duplicate resource.");
        await expect(preview).toContainText("grace@example.com");
        await expectAccessible(page);
        await page.goto("about:blank");
      } finally {
        await house.close();
      }
    });
  });
}
