import { type Browser, expect, type Page } from "@playwright/test";
import type { House } from "../fixtures/house.ts";
import { fillIn } from "./sign_in.ts";

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

/** Ada goes to AWS with a browser of her own, as far as AWS's answer. */
export async function adaAtAws(browser: Browser, house: House, then: (page: Page) => Promise<void>): Promise<void> {
  const context = await browser.newContext({ baseURL: house.url });
  const page = await context.newPage();
  await page.goto("/application/saml/aws/sso/binding/init/");
  await fillIn(page, "ada");
  await then(page);
  await context.close();
}

/** Ada reaches the console. */
export async function adaSignsOn(browser: Browser, house: House): Promise<void> {
  await adaAtAws(browser, house, (page) => takeRole(page, "Admin"));
}

/** What an administrator does to the sandbox's SAML provider with AWS's tools. Gives IAM's answer. */
export async function askIam(house: House, action: string, fields: Record<string, string> = {}): Promise<string> {
  const provider = "arn:aws:iam::123412341234:saml-provider/rolecall";
  const body = new URLSearchParams({ Action: action, Version: "2010-05-08", SAMLProviderArn: provider, ...fields });
  const answer = await fetch(`${house.aws}/`, { method: "POST", body });
  const said = await answer.text();
  expect(answer.status, said).toBe(200);
  return said;
}
