import { expect, PASSWORD, test } from "../fixtures/house.ts";
import { Server } from "../fixtures/server.ts";
import { fillIn } from "../pages/sign_in.ts";

test.describe("the first run", () => {
  test.use({ tolerated: [/status of (410|422)/] });

  test("the printed link makes the first administrator, once", async ({ page }) => {
    const server = await Server.start();
    try {
      expect(server.setUpLink, "an empty server prints a set-up link").toBeTruthy();
      const link = server.setUpLink ?? "";
      await page.goto(link);
      await expect(page.getByRole("heading", { level: 1 })).toHaveText("Set up Rolecall");
      await page.getByLabel("User name").fill("root");
      await page.getByLabel("Name", { exact: true }).fill("The Root");
      await page.getByLabel("Email").fill("root@example.com");
      await page.getByLabel("Password", { exact: true }).fill(PASSWORD);
      await page.getByLabel("Password again").fill("something else entirely");
      await page.getByRole("button", { name: "Create the administrator" }).click();
      await expect(page.getByRole("alert")).toContainText("differ");
      await expect(page.getByLabel("User name"), "what was typed is kept").toHaveValue("root");

      await page.getByLabel("Password", { exact: true }).fill(PASSWORD);
      await page.getByLabel("Password again").fill(PASSWORD);
      await page.getByRole("button", { name: "Create the administrator" }).click();
      await fillIn(page, "root");
      await expect(page).toHaveURL(/\/admin/);

      await page.context().clearCookies();
      const again = await page.goto(link);
      expect(again?.status()).toBe(410);
      // The browser still asks for the icon; the server stays until it has it.
      await page.waitForLoadState("networkidle");
      await page.goto("about:blank");
    } finally {
      await server.stop();
    }
  });
});
