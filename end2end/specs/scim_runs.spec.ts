import { expect, expectAccessible, openHouse, taken, test, type House } from "../fixtures/house.ts";
import { SCIM_TOKEN } from "../fixtures/sandbox.ts";
import { signIn } from "../pages/sign_in.ts";
import type { Page } from "@playwright/test";

/** A SCIM provider behind the application, which begins at once. Returns on its page. */
async function connect(page: Page, house: House): Promise<void> {
  await signIn(page, "admin", `${house.url}/admin/scim-providers/-/new`);
  await taken(page);
  await page.getByLabel("Name", { exact: true }).fill("aws-scim");
  await page.getByLabel("SCIM endpoint").fill(house.sandbox.scim);
  await page.getByLabel("Access token").fill(SCIM_TOKEN);
  await page.getByLabel("aws", { exact: true }).check();
  await page.getByRole("button", { name: "Create the SCIM provider" }).click();
  await expect(page).toHaveURL(/\/admin\/scim-providers\/aws-scim$/);
}

/** The state, as it moves by itself: the page is not loaded again. */
async function becomes(page: Page, state: string): Promise<void> {
  await expect(page.locator(".lead")).toContainText(state, { timeout: 30_000 });
}

for (const scheme of ["light", "dark"] as const) {
  test.describe(`a run, in the ${scheme} theme`, () => {
    test.use({ colorScheme: scheme });

    test("is watched, survives leaving and loading again, is cancelled, and goes on when asked to", async ({ page }) => {
      test.setTimeout(120_000);
      const house = await openHouse();
      const { sandbox } = house;
      try {
        await sandbox.control("PUT", "faults", { rules: [{ when: { method: "POST" }, then: { do: "delay", milliseconds: 8000 } }] });
        await connect(page, house);
        const run = page.getByRole("region", { name: "Under way" });
        await expect(run).toBeVisible({ timeout: 30_000 });
        await expect(run.getByRole("progressbar", { name: "Steps done" })).toBeVisible();
        await expect(run.getByRole("listitem").first()).toContainText("create user", { timeout: 30_000 });
        await expect(run).toContainText("steps a minute");
        await expectAccessible(page);

        await page.getByRole("link", { name: "What is there" }).click();
        await expect(page).toHaveURL(/\/objects$/);
        await page.goBack();
        await expect(run).toContainText("create user");
        await page.reload();
        await expect(run, "the server renders it too").toContainText("create user");
        await taken(page);

        await page.getByRole("button", { name: "Cancel", exact: true }).click();
        await becomes(page, "cancelled");
        await expect(run).toHaveCount(0);
        await expect(page.getByRole("table").filter({ hasText: "cancelled by an administrator" })).toBeVisible();
        await expectAccessible(page);
        const there = await sandbox.users();

        await sandbox.control("DELETE", "faults");
        expect(await sandbox.users(), "nothing is sent after that").toEqual(there);
        await page.getByRole("link", { name: "Kept plans" }).click();
        await page.getByRole("button", { name: "Plan now and keep it" }).click();
        await expect(page.getByRole("heading", { level: 1 })).toHaveText("Kept plan for aws-scim");
        await expect(page.getByRole("table")).toContainText("grace@example.com");
        await expectAccessible(page);
        await page.getByRole("link", { name: "Let it go …" }).click();
        await expectAccessible(page);
        expect(await sandbox.users(), "looking sends nothing").toEqual(there);
        await page.getByRole("button", { name: "Let the plan go" }).click();
        await expect(page.getByText("The plan was let go.")).toBeVisible();
        await page.getByRole("link", { name: "All kept plans" }).click();
        await expect(page.getByRole("table")).toContainText("let go");
        await expectAccessible(page);
        await page.getByRole("link", { name: "Back to the SCIM provider" }).click();
        await becomes(page, "synchronised");
        expect(await sandbox.users()).toEqual(["ada@example.com active", "grace@example.com active"]);
        await page.getByRole("button", { name: "Run sync again" }).click();
        await becomes(page, "synchronised");

        await page.getByRole("link", { name: "Run 1", exact: true }).click();
        await expect(page.getByRole("heading", { level: 1 })).toHaveText("Run 1 of aws-scim");
        await expect(page.getByRole("region", { name: "Results" })).toContainText("ada@example.com");
        await expectAccessible(page);
        await page.getByLabel("Outcome").selectOption("refused");
        await page.getByRole("button", { name: "Search" }).click();
        await expect(page.getByText("No result matches.")).toBeVisible();
        await page.goto("about:blank");
      } finally {
        await house.close();
      }
    });

    test("that the service refused in part is read, and the one object is brought by itself with its log", async ({ page }) => {
      test.setTimeout(120_000);
      const house = await openHouse();
      const { sandbox } = house;
      try {
        const refusal = { do: "status", status: 400, detail: "The desk is taken." };
        await sandbox.control("PUT", "faults", { rules: [{ when: { kind: "CreateUser", times: 1 }, then: refusal }] });
        await connect(page, house);
        await becomes(page, "synchronised");
        expect(await sandbox.users()).toHaveLength(1);

        await page.getByRole("link", { name: "What is there" }).click();
        await page.getByLabel("State").selectOption("parked");
        await page.getByRole("button", { name: "Search" }).click();
        const refused = page.getByRole("row").filter({ hasText: "The desk is taken." });
        await expect(refused).toHaveCount(1);
        await expectAccessible(page);
        await refused.getByRole("link").click();
        await expect(page.getByText("What helps:")).toBeVisible();
        await expectAccessible(page);

        await page.getByRole("button", { name: "Sync this one" }).click();
        const request = page.getByText("POST /Users");
        await expect(request, "the log comes by itself").toBeVisible({ timeout: 20_000 });
        await expect(page.getByText("as it should be").first()).toBeVisible();
        await request.click();
        await expect(page.getByRole("region", { name: "body 1" })).toContainText("@example.com");
        await expectAccessible(page);
        expect(await page.content(), "the log holds no secret").not.toContain(SCIM_TOKEN);
        expect(await sandbox.users()).toEqual(["ada@example.com active", "grace@example.com active"]);
        await page.goto("about:blank");
      } finally {
        await house.close();
      }
    });
  });
}

test("the settings of a provider have every field that provisioning knows, and what is wrong is told before it is sent", async ({ page }) => {
  const house = await openHouse();
  try {
    await connect(page, house);
    await page.goto(`${house.url}/admin/scim-providers/aws-scim/edit`);
    await taken(page);
    await page.getByLabel("Users and groups there with the name").selectOption("ask");
    await page.getByLabel("What others change of ours").selectOption("repair");
    await page.getByLabel("Compared every").fill("1m");
    await page.getByRole("button", { name: "Save" }).click();
    await expect(page.getByLabel("Compared every")).toHaveAttribute("aria-invalid", "true");
    await expectAccessible(page);
    await page.getByLabel("Compared every").fill("12h");
    await page.getByRole("button", { name: "Save" }).click();
    await expect(page).toHaveURL(/\/aws-scim$/);
    await expect(page.getByRole("heading", { name: "Settings" })).toBeVisible();
    for (const said of ["12h", "is shown and put right at once", "wait until an administrator decides"]) await expect(page.getByText(said)).toBeVisible();
    await page.goto("about:blank");
  } finally {
    await house.close();
  }
});

test.describe("a provider that is not there", () => {
  test.use({ tolerated: [/status of 404/] });

  test("leads to the list of those that are", async ({ page, house }) => {
    await signIn(page, "audrey", `${house.url}/admin/scim-providers/gone`);
    await page.getByRole("link", { name: "Go to the list" }).click();
    await expect(page).toHaveURL(/\/admin\/scim-providers$/);
    await page.goto("about:blank");
  });
});
