import type { Page } from "@playwright/test";
import { expect, expectAccessible, taken, test } from "../fixtures/house.ts";
import { signIn } from "../pages/sign_in.ts";

/** Looks at a page in both themes where pictures are asked for, wide and narrow. */
async function look(page: Page, name: string) {
  const folder = process.env.ROLECALL_PICTURES;
  if (!folder) return;
  for (const scheme of ["light", "dark"] as const) {
    await page.emulateMedia({ colorScheme: scheme });
    for (const width of [1280, 320]) {
      await page.setViewportSize({ width, height: 800 });
      await page.screenshot({ path: `${folder}/${name}-${scheme}-${width}.png`, fullPage: true });
    }
  }
  await page.setViewportSize({ width: 1280, height: 720 });
}

test.describe("an administrator", () => {
  test.use({ tolerated: [/status of (409|422)/] });

  test("makes a user, gets its mistakes said, changes and deletes it", async ({ page }) => {
    test.setTimeout(90_000);
    await signIn(page, "admin", "/admin/users");
    await taken(page);
    await look(page, "users");
    await page.getByRole("link", { name: "New user" }).click();
    await expect(page.getByRole("heading", { level: 1 })).toHaveText("New user");
    await page.getByLabel("User name").fill("two words");
    await expect(page.getByText("There are unsaved changes.")).toBeVisible();
    await page.getByRole("button", { name: "Create the user" }).click();
    await expect(page.getByLabel("User name")).toHaveAttribute("aria-invalid", "true");
    await look(page, "user-refused");
    await expectAccessible(page);
    await page.getByLabel("User name").fill("eve");
    await page.getByLabel("Name", { exact: true }).fill("Eve <b>");
    await page.getByLabel("engineering").check();
    await page.getByLabel("Attributes").fill('{"department": "Orchard"}');
    await page.getByRole("button", { name: "Create the user" }).click();
    await expect(page.getByRole("status").filter({ hasText: "It was created." })).toBeVisible();
    await expect(page.getByText("Eve <b>")).toBeVisible();
    await look(page, "user");
    await expectAccessible(page);

    await taken(page);
    await page.getByRole("link", { name: "Edit", exact: true }).click();
    await page.getByLabel("Email").fill("eve@example.com");
    page.once("dialog", (dialog) => dialog.dismiss());
    await page.getByRole("link", { name: "All users" }).click();
    await expect(page.getByLabel("Email"), "leaving was asked about").toHaveValue("eve@example.com");
    await page.getByRole("button", { name: "Save" }).click();
    await expect(page.getByText("The changes were saved.")).toBeVisible();
    for (const tab of ["Sessions", "History", "Password", "Delete"]) {
      await page.getByRole("navigation", { name: "User" }).getByRole("link", { name: tab }).click();
      await expect(page.getByRole("navigation", { name: "User" }).getByRole("link", { name: tab })).toHaveAttribute("aria-current", "page");
      await look(page, `user-${tab.toLowerCase()}`);
      await expectAccessible(page);
    }
    await page.getByRole("button", { name: "Delete eve" }).click();
    await expect(page).toHaveURL(/\/admin\/users\?done=deleted$/);
    await expect(page.getByRole("link", { name: "eve", exact: true })).toHaveCount(0);
  });

  test("sees both sides of a user that somebody saved meanwhile", async ({ page, browser, house }) => {
    await signIn(page, "admin", "/admin/users/grace/edit");
    const other = await browser.newPage({ baseURL: house.url });
    await signIn(other, "admin", "/admin/users/grace/edit");
    await other.getByLabel("Given name").fill("Theirs");
    await other.getByRole("button", { name: "Save" }).click();
    await expect(other.getByText("The changes were saved.")).toBeVisible();
    await other.close();
    await page.getByLabel("Given name").fill("Mine");
    await page.getByRole("button", { name: "Save" }).click();
    await expect(page.getByText("Somebody saved this user meanwhile")).toBeVisible();
    await expect(page.getByText("Theirs", { exact: true })).toBeVisible();
    await expect(page.getByLabel("Given name")).toHaveValue("Mine");
    await look(page, "user-conflict");
    await expectAccessible(page);
    await page.getByRole("button", { name: "Save mine over it" }).click();
    await expect(page.getByText("The changes were saved.")).toBeVisible();
  });

  test("makes a group, puts somebody in and sees the way to those below", async ({ page }) => {
    await signIn(page, "admin", "/admin/groups/-/new");
    await expectAccessible(page);
    await page.getByLabel("Name", { exact: true }).fill("night shift");
    await page.getByLabel("engineering").check();
    await page.getByRole("button", { name: "Create the group" }).click();
    await page.getByLabel("Add a member").fill("audrey");
    await page.getByRole("button", { name: "Add", exact: true }).click();
    await expect(page.getByRole("row").filter({ hasText: "audrey" })).toBeVisible();
    await look(page, "group");
    await expectAccessible(page);
    await page.goto("/admin/groups/engineering");
    await expect(page.getByText("night shift → engineering")).toBeVisible();
    await page.goto("/admin/groups/night%20shift/delete");
    await look(page, "group-delete");
    await page.getByRole("button", { name: "Delete night shift" }).click();
    await expect(page).toHaveURL(/\/admin\/groups\?done=deleted$/);
    await look(page, "groups");
  });

  test("renames a group and a user in place, by keyboard and after a mistake", async ({ page }) => {
    await signIn(page, "admin", "/admin/groups/-/new");
    await page.getByLabel("Name", { exact: true }).fill("late shift");
    await page.getByRole("button", { name: "Create the group" }).click();
    await taken(page);
    await page.getByRole("navigation", { name: "Group" }).getByRole("link", { name: "Rename" }).click();
    await expect(page.getByText("a group that is called late shift later is another one")).toBeVisible();
    await page.getByLabel("New name").fill("engineering");
    await page.getByRole("button", { name: "Rename" }).click();
    await expect(page.getByLabel("New name")).toHaveAttribute("aria-invalid", "true");
    await expect(page.getByRole("alert")).toContainText("there is a group of this name already");
    await look(page, "group-rename");
    await expectAccessible(page);
    await page.getByLabel("New name").fill("early shift");
    await page.getByLabel("New name").press("Enter");
    await expect(page).toHaveURL(/\/admin\/groups\/early%20shift\?done=renamed$/);
    await expect(page.getByRole("heading", { level: 1 })).toHaveText("Group early shift");
    await page.goto("/admin/users/-/new");
    await page.getByLabel("User name").fill("walter");
    await page.getByLabel("early shift").check();
    await page.getByRole("button", { name: "Create the user" }).click();
    await page.getByRole("navigation", { name: "User" }).getByRole("link", { name: "Rename" }).click();
    await expect(page.getByText("the NameID stays the same at every application")).toBeVisible();
    await page.getByLabel("New user name").fill("wally");
    page.once("dialog", (dialog) => dialog.dismiss());
    await page.getByRole("link", { name: "All users" }).click();
    await expect(page.getByLabel("New user name"), "leaving was asked about").toHaveValue("wally");
    await look(page, "user-rename");
    await expectAccessible(page);
    await page.getByRole("button", { name: "Rename" }).click();
    await expect(page.getByText("It has the new name, and all that named it has followed.")).toBeVisible();
    await expect(page.getByRole("heading", { level: 1 })).toHaveText("User wally");
    await expect(page.getByRole("link", { name: "early shift" })).toBeVisible();
    for (const [path, name] of [["users/wally", "wally"], ["groups/early%20shift", "early shift"]]) {
      await page.goto(`/admin/${path}/delete`);
      await page.getByRole("button", { name: `Delete ${name}` }).click();
      await expect(page).toHaveURL(/done=deleted$/);
    }
  });

  test("acts on several rows after reading what it brings about", async ({ page }) => {
    await signIn(page, "admin", "/admin/groups/-/new");
    for (const name of ["spare-1", "spare-2"]) {
      await page.goto("/admin/groups/-/new");
      await page.getByLabel("Name", { exact: true }).fill(name);
      await page.getByRole("button", { name: "Create the group" }).click();
      await expect(page.getByText("It was created.")).toBeVisible();
    }
    await page.goto("/admin/groups?q=spare");
    await page.getByRole("link", { name: "Select this page" }).click();
    await expect(page.getByLabel("Select spare-2")).toBeChecked();
    await page.getByRole("button", { name: "Delete …" }).click();
    await expect(page.getByRole("heading", { level: 1 })).toHaveText("Delete 2 groups?");
    await look(page, "groups-selected");
    await expectAccessible(page);
    await page.getByRole("button", { name: "Delete 2 groups" }).click();
    await page.goto("/admin/groups?q=spare");
    await expect(page.getByText("Nothing matches.")).toBeVisible();
  });

  test("tries a policy before saving it", async ({ page }) => {
    await signIn(page, "admin", "/admin/policies/-/new");
    await page.getByLabel("Name", { exact: true }).fill("office");
    await page.getByLabel("Expression").fill('return user.is_member("engineering")');
    await page.getByLabel("User name").fill("grace");
    await page.getByRole("button", { name: "Try it for this user" }).click();
    await expect(page.getByText("passes", { exact: true })).toBeVisible();
    await look(page, "policy-trial");
    await expectAccessible(page);
    await page.getByRole("button", { name: "Create the policy" }).click();
    await expect(page.getByText("It was created.")).toBeVisible();
    await look(page, "policy");
    await page.goto("/admin/policies");
    await look(page, "policies");
    await page.goto("/admin/policies/office/delete");
    await page.getByRole("button", { name: "Delete office" }).click();
    await expect(page).toHaveURL(/\/admin\/policies\?done=deleted$/);
  });

  test("makes a token and a webhook, whose secrets are shown once", async ({ page, context }) => {
    await context.grantPermissions(["clipboard-read", "clipboard-write"]);
    await signIn(page, "admin", "/admin/api-tokens/-/new");
    await look(page, "token-new");
    await page.getByLabel("Label").fill("report");
    await page.getByRole("button", { name: "Create the token" }).click();
    await expect(page.getByText("This is shown once.")).toBeVisible();
    await taken(page);
    await page.getByRole("button", { name: "Copy API token" }).click();
    await expect(page.getByText("Copied: API token")).toBeVisible();
    expect(await page.evaluate(() => navigator.clipboard.readText())).toMatch(/^rolecall_/);
    await look(page, "token");
    await expectAccessible(page);
    await page.goto("/admin/api-tokens");
    await look(page, "tokens");
    await expectAccessible(page);
    await page.getByRole("link", { name: "Revoke report" }).click();
    await page.getByRole("button", { name: "Revoke report" }).click();
    await expect(page.getByText("The token was revoked.")).toBeVisible();

    await page.goto("/admin/webhooks/-/new");
    await page.getByLabel("Name", { exact: true }).fill("pager");
    await page.getByLabel("Address").fill("http://127.0.0.1:9/hook");
    await look(page, "webhook-new");
    await page.getByRole("button", { name: "Create the webhook" }).click();
    await expect(page.getByText("whsec_", { exact: false }).first()).toBeVisible();
    await page.goto("/admin/webhooks/pager");
    await look(page, "webhook");
    await expectAccessible(page);
    await page.getByRole("button", { name: "Send a test message" }).click();
    // Nobody listens there.
    await expect(page.getByRole("status").filter({ hasText: "did not take the test message" })).toBeVisible();
    await look(page, "webhook-test");
    await expectAccessible(page);
    await page.goto("/admin/webhooks");
    await look(page, "webhooks");
    await page.goto("/admin/webhooks/pager/delete");
    await page.getByRole("button", { name: "Delete pager" }).click();
    await expect(page).toHaveURL(/\/admin\/webhooks\?done=deleted$/);
  });
});

test.describe("without JavaScript", () => {
  test.use({ javaScriptEnabled: false });

  test("users are changed, and rows acted on", async ({ page }) => {
    await signIn(page, "admin", "/admin/users/-/new");
    await page.getByLabel("User name").fill("plain");
    await page.getByRole("button", { name: "Create the user" }).click();
    await page.getByRole("link", { name: "All users" }).click();
    await page.getByLabel("Select plain").check();
    await page.getByRole("button", { name: "Deactivate …" }).click();
    await page.getByRole("button", { name: "Deactivate 1 user" }).click();
    await expect(page.getByRole("row").filter({ hasText: "plain" })).toContainText("deactivated");
    await page.getByLabel("Select plain").check();
    await page.getByRole("button", { name: "Delete …" }).click();
    await page.getByRole("button", { name: "Delete 1 user" }).click();
    await expect(page.getByLabel("Select plain")).toHaveCount(0);
  });
});
