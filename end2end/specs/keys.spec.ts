import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, expectAccessible, taken, test } from "../fixtures/house.ts";
import { signIn } from "../pages/sign_in.ts";

test.describe("keys", () => {
  test.use({ tolerated: [/status of 422/] });

  test("an administrator imports a key from files, downloads its certificate and deletes it", async ({ page }) => {
    const folder = mkdtempSync(join(tmpdir(), "rolecall-e2e-key-"));
    const [key, certificate] = ["key.pem", "certificate.pem"].map((name) => join(folder, name)) as [string, string];
    const subject = ["-subj", "/CN=brought", "-days", "30", "-keyout", key, "-out", certificate];
    execFileSync("openssl", ["req", "-x509", "-newkey", "rsa:2048", "-nodes", ...subject], { stdio: "ignore" });

    await signIn(page, "admin", "/admin/keys");
    await taken(page);
    await page.getByRole("link", { name: "Import a key" }).click();
    await page.getByLabel("Name", { exact: true }).fill("brought");
    await page.getByLabel("Take the certificate from a file").setInputFiles(certificate);
    await expect(page.getByLabel("Certificate", { exact: true })).toHaveValue(/BEGIN CERTIFICATE/);
    await page.getByRole("button", { name: "Import the key" }).click();
    await expect(page.getByLabel("Private key", { exact: true })).toHaveAttribute("aria-invalid", "true");
    await expectAccessible(page);
    await page.getByLabel("Take the private key from a file").setInputFiles(key);
    await expect(page.getByLabel("Private key", { exact: true })).toHaveValue(/PRIVATE KEY/);
    await page.getByRole("button", { name: "Import the key" }).click();
    await expect(page).toHaveURL(/\/admin\/keys\/brought$/);
    await expect(page.getByText("CN=brought")).toBeVisible();
    const [download] = await Promise.all([
      page.waitForEvent("download"),
      page.getByRole("link", { name: "Download the certificate" }).click(),
    ]);
    expect(download.suggestedFilename()).toBe("brought.pem");
    await expectAccessible(page);
    await page.getByRole("button", { name: "Delete the key" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Delete", exact: true }).click();
    await expect(page).toHaveURL(/\/admin\/keys$/);
    rmSync(folder, { recursive: true, force: true });
  });

  test("an administrator generates a key; the default one says why it stays", async ({ page }) => {
    await signIn(page, "admin", "/admin/keys/-/new");
    await taken(page);
    await page.getByRole("button", { name: "Generate the key" }).click();
    await expect(page.getByLabel("Name", { exact: true })).toHaveAttribute("aria-invalid", "true");
    await page.getByLabel("Name", { exact: true }).fill("idp 2027/éa");
    await page.getByRole("button", { name: "Generate the key" }).click();
    await expect(page.getByRole("heading", { level: 1 })).toHaveText("Key idp 2027/éa");
    await page.reload();
    await expect(page.getByRole("heading", { level: 1 })).toHaveText("Key idp 2027/éa");
    await expect(page.getByRole("row").filter({ hasText: "created the key" })).toHaveCount(1);
    await page.goto("/admin/keys/rolecall");
    await expect(page.getByText("It is the default key")).toBeVisible();
  });
});
