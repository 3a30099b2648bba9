import type { Page } from "@playwright/test";
import { PASSWORD } from "../fixtures/house.ts";

/** Fills in the sign-in form of the page that is open. */
export async function fillIn(page: Page, username: string, password = PASSWORD): Promise<void> {
  await page.getByLabel("User name").fill(username);
  await page.getByLabel("Password").fill(password);
  await page.getByRole("button", { name: "Sign in" }).click();
}

export async function signIn(page: Page, username: string, path = "/"): Promise<void> {
  await page.goto(path);
  await fillIn(page, username);
}
