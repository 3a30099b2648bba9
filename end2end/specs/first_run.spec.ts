import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, PASSWORD, taken, test } from "../fixtures/house.ts";
import { freePort, Sandbox } from "../fixtures/sandbox.ts";
import { Server } from "../fixtures/server.ts";
import { fact } from "../pages/aws.ts";
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

  test("what the console makes on an empty server signs a member in to AWS", async ({ page, browser }) => {
    test.setTimeout(120_000);
    const server = await Server.start();
    const folder = mkdtempSync(join(tmpdir(), "rolecall-e2e-first-"));
    const port = await freePort();
    try {
      await page.goto(server.setUpLink ?? "");
      await page.getByLabel("User name").fill("root");
      await page.getByLabel("Password", { exact: true }).fill(PASSWORD);
      await page.getByLabel("Password again").fill(PASSWORD);
      await page.getByRole("button", { name: "Create the administrator" }).click();
      await fillIn(page, "root");
      await expect(page).toHaveURL(/\/admin/);

      await page.goto(`${server.url}/admin/saml-providers/-/new`);
      await taken(page);
      await page.getByLabel("Name", { exact: true }).fill("aws-iam");
      await page.getByLabel("ACS address", { exact: true }).fill(`http://127.0.0.1:${port}/saml`);
      await page.getByLabel("Audience", { exact: true }).fill("urn:amazon:webservices");
      await page.getByLabel("rolecall default SAML: AWS RoleSessionName").check();
      await page.getByRole("button", { name: "Create the SAML provider" }).click();
      await expect(page).toHaveURL(/\/admin\/saml-providers\/aws-iam$/);

      await page.goto(`${server.url}/admin/users/-/new`);
      await page.getByLabel("User name").fill("ada");
      await page.getByLabel("Password", { exact: true }).fill(PASSWORD);
      await page.getByRole("button", { name: "Create the user" }).click();

      await page.goto(`${server.url}/admin/applications/-/new`);
      await taken(page);
      await page.getByLabel("Name", { exact: true }).fill("Amazon Web Services");
      await page.getByLabel("Slug", { exact: true }).fill("aws");
      await page.getByLabel("SAML provider", { exact: true }).selectOption("aws-iam");
      await page.getByRole("button", { name: "Add a role" }).click();
      const role = page.getByRole("group", { name: /^AWS role/ });
      await role.getByLabel("Role ARN").fill("arn:aws:iam::123412341234:role/Engineer");
      await role.getByLabel("SAML provider ARN").fill("arn:aws:iam::123412341234:saml-provider/rolecall");
      await page.getByRole("button", { name: "Add a binding" }).click();
      const binding = page.getByRole("group", { name: /^Binding/ });
      await binding.getByLabel("Kind").selectOption("user");
      await binding.getByLabel("Name").fill("ada");
      await page.getByRole("button", { name: "Create the application" }).click();
      await expect(page).toHaveURL(/\/admin\/applications\/aws$/);

      const sandbox = await Sandbox.start(port, server.url, folder);
      try {
        const context = await browser.newContext();
        const member = await context.newPage();
        await member.goto(server.url);
        await fillIn(member, "ada");
        await member.getByRole("link", { name: /Amazon Web Services/ }).click();
        await expect(fact(member, "Role")).toHaveText("Engineer");
        await expect(fact(member, "Session name")).toHaveText("ada");
        await context.close();
      } finally {
        await sandbox.stop();
      }
      await page.goto("about:blank");
    } finally {
      await server.stop();
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
