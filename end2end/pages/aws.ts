import { expect, type Page } from "@playwright/test";

/** Takes a role on AWS's page for choosing one, and waits for the console. */
export async function takeRole(page: Page, role: string): Promise<void> {
  await expect(page.getByRole("heading", { name: "Select a role" })).toBeVisible();
  await page.getByLabel(role).check();
  await page.getByRole("button", { name: "Sign in" }).click();
  await expect(page.getByRole("heading", { name: "Console" })).toBeVisible();
}

/** What the console says of one thing. */
export function fact(page: Page, name: string) {
  return page.locator("dt", { hasText: name }).locator("xpath=following-sibling::dd[1]");
}
