import { expect, expectAccessible, openHouse, taken, test } from "../fixtures/house.ts";
import { SCIM_TOKEN } from "../fixtures/sandbox.ts";
import { signIn } from "../pages/sign_in.ts";

for (const scheme of ["light", "dark"] as const) {
  test.describe(`faults of the service, in the ${scheme} theme`, () => {
    test.use({ colorScheme: scheme, tolerated: [/status of 422/] });

    test("are shown while they last, and everything is right when they are over", async ({ page }) => {
      test.setTimeout(120_000);
      const house = await openHouse();
      const { sandbox } = house;
      const lead = page.locator(".lead");
      try {
        await signIn(page, "admin", `${house.url}/admin/scim-providers/-/new`);
        await taken(page);
        await page.getByLabel("Name", { exact: true }).fill("aws-scim");
        await page.getByLabel("SCIM endpoint").fill(sandbox.scim);

        // A token that is not accepted is said with what to do.
        await page.getByLabel("Access token").fill("a-token-of-somebody-else");
        await page.getByRole("button", { name: "Test the connection" }).click();
        await expect(page.getByRole("status").filter({ hasText: "not connected" })).toContainText("Generate token");
        await expectAccessible(page);
        await page.getByLabel("Access token").fill(SCIM_TOKEN);
        await page.getByRole("button", { name: "Test the connection" }).click();
        await expect(page.getByText("address and token are good")).toBeVisible();
        await page.getByLabel("aws", { exact: true }).check();

        // The first user is made and the answer lost, the second is refused for good, and then nothing answers.
        await sandbox.control("PUT", "faults", {
          seed: 7,
          rules: [
            { when: { kind: "CreateUser", nth: [1] }, then: { do: "reset", applied: true } },
            { when: { kind: "CreateUser", nth: [2] }, then: { do: "status", status: 400, detail: "The desk is taken." } },
            { when: { kind: "CreateGroup" }, then: { do: "status", status: 503 } },
          ],
        });
        await page.getByRole("button", { name: "Create the SCIM provider" }).click();
        await expect(page).toHaveURL(/\/aws-scim$/);
        await expect(lead).toContainText("failing", { timeout: 30_000 });
        await expectAccessible(page);
        await page.reload();
        await expect(lead, "the page that is loaded again says the same").toContainText("failing");
        await taken(page);

        // It recovers, and goes on by itself: no press of a button, no reload.
        await sandbox.control("DELETE", "faults");
        await expect(lead).toContainText("synchronised", { timeout: 60_000 });

        // The one that was refused is parked with the service's words, and tried again when that is asked for.
        await page.getByRole("link", { name: "What is there" }).click();
        const parked = page.getByRole("row").filter({ hasText: "The desk is taken." });
        await expect(parked).toHaveCount(1);
        await expectAccessible(page);
        await page.getByRole("link", { name: "Back to the SCIM provider" }).click();
        await page.getByRole("button", { name: "Run sync again" }).click();
        await expect.poll(() => sandbox.users(), { timeout: 20_000 }).toEqual(["ada@example.com active", "grace@example.com active"]);
        await expect(lead).toContainText("synchronised", { timeout: 20_000 });
        await page.goto("about:blank");
      } finally {
        await house.close();
      }
    });
  });
}
