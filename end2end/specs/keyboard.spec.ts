import type { Locator, Page } from "@playwright/test";
import { expect, PASSWORD, taken, test } from "../fixtures/house.ts";
import { fact } from "../pages/aws.ts";

/** Goes on until the element has the focus; every stop on the way shows where it is. */
async function tabTo(page: Page, goal: Locator, key = "Tab"): Promise<void> {
  for (let stops = 0; stops < 80; stops += 1) {
    await page.keyboard.press(key);
    const [stop, outline] = await page.evaluate(() => {
      const element = document.activeElement;
      // Behind the last stop of a page is the browser itself.
      if (element === null || element === document.body) return ["", "solid"];
      return [element.outerHTML.slice(0, 200), getComputedStyle(element).outlineStyle];
    });
    expect(outline, `the focus is seen at ${stop}`).not.toBe("none");
    if (await goal.evaluate((element) => element === document.activeElement)) return;
  }
  throw new Error(`${key} does not lead to ${goal}`);
}

/** Signs in as an administrator on the way to a page. */
async function enter(page: Page, path: string): Promise<void> {
  await page.goto(path);
  await tabTo(page, page.getByLabel("User name"));
  await page.keyboard.type("admin");
  await tabTo(page, page.getByLabel("Password"));
  await page.keyboard.type(PASSWORD);
  await page.keyboard.press("Enter");
  await taken(page);
}

test("signing in and reaching the console needs no mouse", async ({ page, house }) => {
  await page.goto("/");
  await page.keyboard.press("Tab");
  await expect(page.getByLabel("User name"), "the first stop is the first field").toBeFocused();
  await page.keyboard.type("ada");
  await page.keyboard.press("Tab");
  await page.keyboard.type(PASSWORD);
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Your applications");

  await page.keyboard.press("Tab");
  await expect(page.getByRole("link", { name: "Skip to content" })).toBeFocused();
  await page.keyboard.press("Enter");
  await page.keyboard.press("Tab");
  await expect(page.getByRole("link", { name: /Amazon Web Services/ }), "the skip link leads past the navigation").toBeFocused();
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(`${house.aws}/saml`);

  await page.getByRole("radio").first().focus();
  await page.keyboard.press("Space");
  await page.keyboard.press("Enter");
  await expect(fact(page, "Session name")).toHaveText("ada");
});

test("focus is always visible", async ({ page }) => {
  await page.goto("/login");
  for (let steps = 0; steps < 3; steps += 1) {
    await page.keyboard.press("Tab");
    const outline = await page.locator(":focus").evaluate((element) => getComputedStyle(element).outlineStyle);
    expect(outline).not.toBe("none");
  }
});

test("an application is made, bound, previewed and deleted by keyboard alone", async ({ page }) => {
  await enter(page, "/admin");
  await page.keyboard.press("Control+k");
  await page.keyboard.type("new application");
  await expect(page.getByRole("option", { name: /New application/ })).toHaveAttribute("aria-selected", "true");
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/\/admin\/applications\/-\/new$/);
  await expect(page.getByRole("heading", { level: 1 })).toBeFocused();

  const field = (name: string) => page.getByLabel(name, { exact: true });
  const rows = page.getByRole("group", { name: /^Binding:/ });
  await tabTo(page, field("Name"));
  await page.keyboard.type("By keyboard");
  await tabTo(page, field("Slug"));
  await page.keyboard.type("by-keyboard");
  await tabTo(page, field("SAML provider"));
  await page.keyboard.press("ArrowDown");
  await expect(field("SAML provider")).not.toHaveValue("");
  const add = page.getByRole("button", { name: "Add a binding" });
  await tabTo(page, add);
  await page.keyboard.press("Enter");
  await expect(rows.first().getByLabel("Kind", { exact: true }), "a new row has the focus").toBeFocused();
  await tabTo(page, rows.first().getByLabel("Name", { exact: true }));
  await page.keyboard.type("engineering");
  await tabTo(page, add);
  await page.keyboard.press("Space");
  await expect(rows.last().getByLabel("Kind", { exact: true })).toBeFocused();
  await expect(rows).toHaveCount(2);
  await tabTo(page, rows.last().getByRole("button", { name: "Remove" }));
  await page.keyboard.press("Enter");
  await expect(rows).toHaveCount(1);
  await expect(add, "a row that goes leaves the focus beside it").toBeFocused();
  await tabTo(page, page.getByRole("button", { name: "Create the application" }));
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/\/admin\/applications\/by-keyboard$/);
  await expect(page.getByRole("heading", { level: 1 })).toBeFocused();
  await expect(page.getByText("group engineering", { exact: true })).toBeVisible();

  const tabs = page.getByRole("navigation", { name: "Application" });
  await tabTo(page, tabs.getByRole("link", { name: "Preview" }));
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/\/preview$/);
  await expect(tabs.getByRole("link", { name: "Preview" }), "a tab keeps the focus").toBeFocused();
  await tabTo(page, page.getByRole("searchbox"));
  await page.keyboard.type("ada");
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/q=ada/);
  await tabTo(page, page.getByRole("link", { name: "ada", exact: true }));
  await page.keyboard.press("Enter");
  const result = page.getByRole("region", { name: "Result", exact: true });
  await expect(result, "the focus is at what the choice brought about").toBeFocused();
  await expect(result.getByRole("heading", { name: /as ada$/ })).toBeVisible();

  await tabTo(page, tabs.getByRole("link", { name: "Overview" }), "Shift+Tab");
  await page.keyboard.press("Enter");
  const opener = page.getByRole("button", { name: "Delete the application" });
  await tabTo(page, opener);
  await page.keyboard.press("Enter");
  const dialog = page.getByRole("dialog");
  await expect(dialog.getByRole("button", { name: "Cancel" }), "Enter alone deletes nothing").toBeFocused();
  await page.keyboard.press("Escape");
  await expect(dialog).toBeHidden();
  await expect(opener, "a dialog gives the focus back").toBeFocused();
  await page.keyboard.press("Space");
  await expect(dialog.getByRole("button", { name: "Cancel" })).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(dialog).toBeHidden();
  await expect(opener).toBeFocused();
  await page.keyboard.press("Enter");
  await tabTo(page, dialog.getByRole("button", { name: "Delete", exact: true }), "Shift+Tab");
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/\/admin\/applications$/);
  await expect(page.getByRole("heading", { level: 1 })).toBeFocused();
  await expect(page.getByRole("link", { name: "By keyboard" })).toHaveCount(0);
});

test("a button that is at work keeps the focus", async ({ page }) => {
  await enter(page, "/admin/property-mappings/-/new");
  await page.route("**/try_expression", async (route) => {
    await new Promise((resolve) => setTimeout(resolve, 300));
    await route.continue();
  });
  await tabTo(page, page.getByLabel("For the user"));
  await page.keyboard.type("ada");
  const button = page.getByRole("button", { name: "Try the expression" });
  await tabTo(page, button);
  await page.keyboard.press("Space");
  await expect(button).toHaveAttribute("aria-disabled", "true");
  await expect(button).toBeFocused();
  await expect(page.getByText("One value:")).toBeVisible();
  await expect(button).toBeFocused();
});
