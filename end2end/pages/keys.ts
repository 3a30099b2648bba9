import { expect, type Page } from "@playwright/test";
import { type House, taken } from "../fixtures/house.ts";

/** Generates a key. */
export async function generateKey(page: Page, house: House, name: string): Promise<void> {
  await page.goto(`${house.url}/admin/keys/-/new`);
  await taken(page);
  await page.getByLabel("Name", { exact: true }).fill(name);
  await page.getByRole("button", { name: "Generate the key" }).click();
  await expect(page).toHaveURL(new RegExp(`/admin/keys/${name}$`));
}

/** Names the key that a SAML provider signs with next, and keeps its last responses. Ends on the provider's page. */
export async function nameNextKey(page: Page, house: House, provider: string, key: string, responses = 0): Promise<void> {
  const own = `${house.url}/admin/saml-providers/${provider}`;
  await page.goto(`${own}/edit`);
  await taken(page);
  await page.getByLabel("Next signing key").selectOption(key);
  if (responses > 0) await page.getByLabel("Responses to keep").fill(String(responses));
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page).toHaveURL(own);
}

/** Says of keys that AWS has them. */
export async function confirmKeys(page: Page, keys: string[]): Promise<void> {
  for (const key of keys) {
    await page.getByRole("button", { name: `AWS has it: ${key}` }).click();
    await expect(page.getByRole("button", { name: `It does not: ${key}` })).toBeVisible();
  }
}

/** Our metadata, downloaded where the page offers it. */
export async function ourMetadata(page: Page): Promise<string> {
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("link", { name: "Download the metadata" }).click(),
  ]);
  const chunks: Buffer[] = [];
  for await (const chunk of await download.createReadStream()) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}
