import { type Browser, expect, type Page } from "@playwright/test";
import { type House, taken } from "../fixtures/house.ts";
import { fact } from "./aws.ts";
import { ourMetadata } from "./keys.ts";
import { fillIn } from "./sign_in.ts";

/** What an administrator does at AWS: our metadata is downloaded here and chosen there. */
export async function handOver(page: Page, house: House): Promise<void> {
  await house.sandbox.control("PUT", "identity-provider", await ourMetadata(page));
}

/** Goes through the steps of connecting Identity Center that a sign-on needs, with a directory that knows Ada. */
export async function connectIdentityCenter(page: Page, house: House): Promise<void> {
  await house.sandbox.byHand("ada@example.com");
  await page.goto(`${house.url}/admin/connect/identity-center`);
  await taken(page);
  await page.getByLabel("Metadata", { exact: true }).fill(await (await fetch(house.sandbox.center)).text());
  await page.getByRole("button", { name: "Read the metadata" }).click();
  await page.getByRole("button", { name: "Save and go on" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Application and access");
  await page.getByLabel("engineering").check();
  await page.getByRole("button", { name: "Create the application" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Our metadata for AWS");
  await handOver(page, house);
}

/** Ada reaches the access portal with a browser of her own: begun here, and begun by Identity Center. */
export async function adaReachesPortal(browser: Browser, house: House): Promise<void> {
  const context = await browser.newContext({ baseURL: house.url });
  const page = await context.newPage();
  await page.goto("/application/saml/identity-center/sso/binding/init/");
  await fillIn(page, "ada");
  await expect(page.getByRole("heading", { name: "AWS access portal" })).toBeVisible();
  await expect(fact(page, "Begun by")).toHaveText("The identity provider");
  // The page there and the one here send themselves on.
  await page.goto(`${house.aws}/start`, { waitUntil: "commit" });
  await expect(fact(page, "Begun by")).toContainText("Identity Center, with request");
  await context.close();
}
