import { expect, expectAccessible, openHouse, taken, test } from "../fixtures/house.ts";
import { SCIM_TOKEN } from "../fixtures/sandbox.ts";
import { signIn } from "../pages/sign_in.ts";
import type { Page } from "@playwright/test";

/** What is done beside the page shows by itself: nobody loads it again. */
async function until(page: Page, text: string): Promise<void> {
  await taken(page);
  await expect(page.locator(".lead")).toContainText(text, { timeout: 20_000 });
}

for (const scheme of ["light", "dark"] as const) {
  test.describe(`a SCIM provider, in the ${scheme} theme`, () => {
    test.use({ colorScheme: scheme, tolerated: [/status of (409|422)/] });

    test("is made, holds a plan that takes away, survives faults and goes on with a new token", async ({ page }) => {
      test.setTimeout(120_000);
      const house = await openHouse();
      const { sandbox } = house;
      try {
        await signIn(page, "admin", `${house.url}/admin/scim-providers`);
        await taken(page);
        await page.getByRole("link", { name: "New SCIM provider" }).first().click();

        // What was typed stays where the server refuses it.
        await page.getByLabel("Name", { exact: true }).fill("aws-scim");
        await page.getByLabel("SCIM endpoint").fill("no address");
        await page.getByLabel("Access token").fill(SCIM_TOKEN);
        await page.getByLabel("Ends on").fill("2027-02-30");
        await page.getByRole("button", { name: "Create the SCIM provider" }).click();
        await expect(page.getByLabel("Ends on")).toHaveAttribute("aria-invalid", "true");
        await page.getByLabel("Ends on").fill("2099-01-31");
        await page.getByRole("button", { name: "Create the SCIM provider" }).click();
        await expect(page.getByLabel("SCIM endpoint")).toHaveAttribute("aria-invalid", "true");
        await expect(page.getByLabel("Access token")).toHaveValue(SCIM_TOKEN);
        await expectAccessible(page);
        await page.getByLabel("SCIM endpoint").fill(sandbox.scim);
        await page.getByLabel("aws", { exact: true }).check();
        await page.getByText("How much may be taken away").click();
        for (const field of ["Most users, groups or memberships", "Largest share in percent", "The share counts from"]) await page.getByLabel(field).fill("0");
        await page.getByRole("button", { name: "Create the SCIM provider" }).click();
        await expect(page).toHaveURL(/\/admin\/scim-providers\/aws-scim$/);
        await until(page, "synchronised");
        expect(await sandbox.users()).toEqual(["ada@example.com active", "grace@example.com active"]);
        await expectAccessible(page);
        expect(await page.content(), "a token is never shown again").not.toContain(SCIM_TOKEN);

        await page.getByRole("link", { name: "Preview", exact: true }).click();
        await page.getByRole("link", { name: "ada", exact: true }).click();
        await expect(page.getByRole("region", { name: "resource" })).toContainText('"userName": "ada@example.com"');
        await expectAccessible(page);
        await page.locator("summary", { hasText: /^Groups$/ }).click();
        await page.getByRole("link", { name: "engineering", exact: true }).click();
        await expect(page.getByRole("region", { name: "resource" })).toContainText('"displayName": "engineering"');

        // Only the leads stay in scope: that takes something away, so it waits.
        await page.goto(`${house.url}/admin/applications/aws/edit`);
        await taken(page);
        await expect(page.getByLabel("aws-scim"), "the application has the provider behind it").toBeChecked();
        await page.getByRole("group", { name: /^Binding/ }).getByLabel("Name").fill("platform-leads");
        await page.getByRole("button", { name: "Save" }).click();
        await expect(page).toHaveURL(/\/admin\/applications\/aws$/);
        await page.goto(`${house.url}/admin/scim-providers/aws-scim`);
        await until(page, "waits for approval");
        expect(await sandbox.users()).toContain("grace@example.com active");
        await expectAccessible(page);
        await page.getByRole("button", { name: "Approve the plan" }).click();
        await page.getByRole("dialog").getByRole("button", { name: "Approve", exact: true }).click();
        await expect.poll(() => sandbox.users()).toContain("grace@example.com deactivated");
        await until(page, "synchronised");

        // A change that is made elsewhere is one request, and its run mostly over before anybody looks.
        await page.reload();
        await taken(page);
        const runs = page.getByRole("region", { name: "Runs", exact: true }).getByRole("row");
        const before = await runs.count();
        const other = await page.context().newPage();
        await other.goto(`${house.url}/admin/users/ada/edit`);
        await other.getByLabel("Given name").fill("Augusta");
        await other.getByRole("button", { name: "Save" }).click();
        await expect(other.getByText("The changes were saved.")).toBeVisible();
        await other.close();
        await expect(runs, "a run that was over at once is not shown").toHaveCount(before + 1, { timeout: 20_000 });

        // Somebody changes a name at the service: it is shown, and put right when that is asked for.
        await sandbox.rename("ada@example.com", "By hand");
        await page.getByRole("button", { name: "Compare with the service" }).click();
        const drift = page.getByRole("region", { name: "Changed there by others" });
        await expect(drift).toContainText("By hand", { timeout: 20_000 });
        await expectAccessible(page);
        await drift.getByRole("button", { name: "Put it right" }).click();
        await expect.poll(async () => JSON.stringify(await sandbox.control("GET", "directory")), { timeout: 20_000 }).not.toContain("By hand");
        await until(page, "synchronised");

        // The service fails, and recovers.
        await sandbox.control("PUT", "faults", { rules: [{ then: { do: "status", status: 503 } }] });
        await page.getByRole("button", { name: "Compare with the service" }).click();
        await until(page, "failing");
        await expectAccessible(page);
        await sandbox.control("DELETE", "faults");
        await until(page, "synchronised");

        // The token is refused; a new one is tested, set, and taken up.
        const tokens = (await sandbox.control("GET", "tokens")) as { id: string }[];
        for (const token of tokens) await sandbox.control("DELETE", `tokens/${token.id}`);
        await page.getByRole("button", { name: "Compare with the service" }).click();
        await until(page, "stopped");
        const fresh = (await sandbox.control("POST", "tokens", { secret: "the-next-token-of-the-sandbox", seconds: 3600 })) as { secret: string };
        await page.getByText("Set a token", { exact: true }).first().click();
        await page.getByLabel("Access token").fill(fresh.secret);
        await page.getByRole("button", { name: "Test the connection" }).click();
        await expect(page.getByText("address and token are good")).toBeVisible();
        await expectAccessible(page);
        await page.getByRole("button", { name: "Set the token" }).click();
        await expect(page.getByLabel("Access token")).toHaveValue("");
        await until(page, "synchronised");

        // The next one is set beside it, tried, and takes its place; one that is not wanted any more is taken out.
        const setNext = async (secret: string) => {
          // AWS has two at most; the older one is not in use by now.
          const [older, newer] = (await sandbox.control("GET", "tokens")) as { id: string }[];
          if (older && newer) await sandbox.control("DELETE", `tokens/${older.id}`);
          const next = (await sandbox.control("POST", "tokens", { secret, seconds: 3600 })) as { secret: string };
          const form = page.getByLabel("Access token");
          if (!(await form.isVisible())) await page.getByText("Set a token", { exact: true }).first().click();
          await page.getByLabel("Slot", { exact: true }).selectOption("2");
          await form.fill(next.secret);
          await page.getByRole("button", { name: "Set the token" }).click();
          await expect(page.getByRole("listitem").filter({ hasText: "Slot 2" })).toBeVisible();
        };
        await setNext("a-third-token-of-the-sandbox");
        await page.getByRole("button", { name: "Test slot 2" }).click();
        await expect(page.getByText("The service accepts the token in slot 2")).toBeVisible();
        await page.getByRole("button", { name: "Use slot 2 from now on" }).click();
        await expect(page.getByRole("listitem").filter({ hasText: "Slot 2" })).toHaveCount(0);
        await setNext("a-fourth-token-of-the-sandbox");
        await page.getByRole("button", { name: "Take the token out of slot 2" }).click();
        await expect(page.getByRole("listitem").filter({ hasText: "Slot 2" })).toHaveCount(0);
        await until(page, "synchronised");

        // In use it stays; taken out of the application it goes.
        await expect(page.getByText("These applications use it: aws.")).toBeVisible();
        await page.goto(`${house.url}/admin/applications/aws/edit`);
        await taken(page);
        await page.getByLabel("aws-scim").uncheck();
        await page.getByRole("button", { name: "Save" }).click();
        await expect(page).toHaveURL(/\/admin\/applications\/aws$/);
        await page.goto(`${house.url}/admin/scim-providers/aws-scim`);
        await taken(page);
        await page.getByRole("button", { name: "Delete the SCIM provider" }).click();
        await page.getByRole("dialog").getByRole("button", { name: "Delete", exact: true }).click();
        await expect(page).toHaveURL(/\/admin\/scim-providers$/);
        await page.goto("about:blank");
      } finally {
        await house.close();
      }
    });
  });
}

test.describe("two administrators", () => {
  test.use({ tolerated: [/status of (409|422)/] });

  test("who change one SCIM provider at the same time see both sides", async ({ page, context }) => {
    const house = await openHouse();
    try {
      await signIn(page, "admin", `${house.url}/admin/scim-providers/-/new`);
      await taken(page);
      await page.getByLabel("Name", { exact: true }).fill("aws-scim");
      await page.getByLabel("SCIM endpoint").fill(house.sandbox.scim);
      await page.getByRole("button", { name: "Create the SCIM provider" }).click();
      await expect(page).toHaveURL(/\/aws-scim$/);
      const other = await context.newPage();
      for (const one of [page, other]) {
        await one.goto(`${house.url}/admin/scim-providers/aws-scim/edit`);
        await taken(one);
      }
      await other.getByLabel("Names that are never touched").fill("breakglass-*");
      await other.getByRole("button", { name: "Save" }).click();
      await expect(other).toHaveURL(/\/aws-scim$/);
      await page.getByLabel("Leave out service accounts").uncheck();
      await page.getByRole("button", { name: "Save" }).click();
      await expect(page.getByText("Somebody saved this SCIM provider meanwhile")).toBeVisible();
      await expectAccessible(page);
      await page.getByRole("button", { name: "Save mine over it" }).click();
      await expect(page).toHaveURL(/\/aws-scim$/);
      await expect(page.getByText("pushed too")).toBeVisible();
      await page.goto("about:blank");
      await other.goto("about:blank");
    } finally {
      await house.close();
    }
  });
});
