import { expect, expectAccessible, taken, test } from "../fixtures/house.ts";
import { signIn } from "../pages/sign_in.ts";

for (const scheme of ["light", "dark"] as const) {
  test.describe(`in the ${scheme} theme`, () => {
    test.use({ colorScheme: scheme });

    test("the palette leads to pages, things and actions by keyboard alone", async ({ page }) => {
      await signIn(page, "admin", "/admin");
      await taken(page);
      await page.keyboard.press("Control+k");
      const palette = page.getByRole("dialog", { name: "Find anything" });
      const field = palette.getByRole("combobox");
      await expect(field).toBeFocused();
      await expect(palette.getByRole("option", { name: "page Applications" })).toBeVisible();
      await field.pressSequentially("lovelace");
      const ada = palette.getByRole("option", { name: /Ada Lovelace/ });
      await expect(ada).toHaveAttribute("aria-selected", "true");
      await expect(field).toHaveAttribute("aria-activedescendant", (await ada.getAttribute("id")) ?? "");
      await expectAccessible(page);
      await page.keyboard.press("Enter");
      await expect(page).toHaveURL(/\/admin\/users\/ada$/);
      await expect(page.getByRole("heading", { level: 1 })).toHaveText("User ada");
      await expect(page.getByRole("heading", { level: 1 })).toBeFocused();
      await expect(page).toHaveTitle("User ada · Rolecall");

      // From a page that the server drew, to one that both halves know.
      await page.keyboard.press("Control+k");
      await field.pressSequentially("new key");
      await expect(palette.getByText("0 found")).toBeVisible();
      await field.fill("generate");
      await expect(palette.getByRole("option", { name: /Generate a key/ })).toBeVisible();
      await page.keyboard.press("ArrowDown");
      await page.keyboard.press("ArrowUp");
      await page.keyboard.press("Enter");
      await expect(page).toHaveURL(/\/admin\/keys\/-\/new$/);

      await page.keyboard.press("Control+k");
      await expect(palette).toBeVisible();
      await page.keyboard.press("Escape");
      await expect(palette).toBeHidden();
    });

    test("single keys search the list and list themselves, and can be switched off", async ({ page }) => {
      await signIn(page, "admin", "/admin/users");
      await taken(page);
      await page.keyboard.press("/");
      const search = page.getByRole("searchbox");
      await expect(search).toBeFocused();
      await page.keyboard.type("a?/b");
      await expect(search, "a letter in a field is a letter").toHaveValue("a?/b");
      await page.getByRole("heading", { level: 1 }).focus();
      await page.keyboard.press("?");
      const help = page.getByRole("dialog", { name: "Keyboard shortcuts" });
      await expect(help).toBeVisible();
      await expectAccessible(page);
      await help.getByRole("button", { name: "Switch / and ? off" }).click();
      await taken(page);
      await expect(page).toHaveURL(/\/admin\/users$/);
      await page.keyboard.press("?");
      await page.keyboard.press("/");
      await expect(help).toBeHidden();
      await expect(search).not.toBeFocused();
    });
  });
}

test.describe("without JavaScript", () => {
  test.use({ javaScriptEnabled: false });

  test("the same is found on a page", async ({ page }) => {
    await signIn(page, "audrey", "/admin");
    await page.getByRole("button", { name: /^Find/ }).click();
    await page.getByRole("searchbox", { name: "Search everything" }).fill("grace");
    await page.getByRole("main").getByRole("button", { name: "Search" }).click();
    await page.getByRole("link", { name: "Grace Hopper" }).click();
    await expect(page.getByRole("heading", { level: 1 })).toHaveText("User grace");
  });
});
