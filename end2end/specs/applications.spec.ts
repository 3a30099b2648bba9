import { expect, expectAccessible, openHouse, taken, test } from "../fixtures/house.ts";
import { signIn } from "../pages/sign_in.ts";

test("an administrator creates, edits, previews and deletes an application", async ({ page }) => {
  await signIn(page, "admin", "/admin/applications/-/new");
  await taken(page);
  await page.getByRole("button", { name: "Create the application" }).click();
  await expect(page.getByLabel("Slug", { exact: true })).toHaveAttribute("aria-invalid", "true");
  await page.getByLabel("Name", { exact: true }).fill("Staging <b>");
  await page.getByLabel("Slug", { exact: true }).fill("staging");
  await page.getByLabel("SAML provider", { exact: true }).selectOption({ index: 1 });
  await page.getByRole("button", { name: "Create the application" }).click();
  await expect(page).toHaveURL(/\/admin\/applications\/staging$/);
  await expect(page.getByText("Staging <b>", { exact: true })).toBeVisible();

  await page.goto("/admin/applications/staging/edit");
  await taken(page);
  await page.getByLabel("Description").fill("Before production");
  await expect(page.getByText("There are unsaved changes.")).toBeVisible();
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page).toHaveURL(/\/admin\/applications\/staging$/);

  await page.goto("/admin/applications/staging/preview?user=ada");
  await expect(page.getByText("https://aws.amazon.com/SAML/Attributes/Role", { exact: false }).first()).toBeVisible();
  await expectAccessible(page);

  await page.goto("/admin/events?q=staging");
  await expect(page.getByRole("row").filter({ hasText: "created the application staging" })).toHaveCount(1);

  await page.goto("/admin/applications/staging");
  await taken(page);
  await page.getByRole("button", { name: "Delete the application" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Delete", exact: true }).click();
  await expect(page).toHaveURL(/\/admin\/applications$/);
  await expect(page.getByRole("link", { name: "Staging <b>" })).toHaveCount(0);
});

test("the groups of an AWS role are picked with the keyboard alone, and a pick on the way to Save counts", async ({ page }) => {
  await signIn(page, "admin", "/admin/applications/aws/edit");
  await taken(page);
  await page.getByRole("button", { name: "Add a role" }).click();
  const role = page.getByRole("group", { name: /^AWS role/ }).last();
  await role.getByLabel("Role ARN").fill("arn:aws:iam::123412341234:role/Audit");
  await role.getByLabel("SAML provider ARN").fill("arn:aws:iam::123412341234:saml-provider/rolecall");
  const groups = role.getByLabel("Groups");
  const [, first = "", second = ""] = await groups.locator("option").allTextContents();
  expect(second).not.toBe("");
  const taking = role.getByRole("button", { name: /^Take away the group/ });

  await groups.focus();
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("ArrowDown");
  await expect(groups).toHaveValue(second);
  await expect(taking).toHaveCount(0);
  await page.keyboard.press("Tab");
  await expect(taking).toHaveCount(0);
  await page.keyboard.press("Enter");
  await expect(taking).toHaveAccessibleName(`Take away the group ${second}`);
  await expect(groups).toHaveValue("");

  await groups.selectOption(first);
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page).toHaveURL(/\/admin\/applications\/aws$/);
  await page.goto("/admin/applications/aws/edit");
  await taken(page);
  const kept = page.getByRole("group", { name: /role\/Audit/ });
  await expect(kept.getByRole("button", { name: /^Take away the group/ })).toHaveCount(2);
  await kept.getByRole("button", { name: "Remove" }).click();
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page).toHaveURL(/\/admin\/applications\/aws$/);
});

test("the list is sorted, paged and searched by an address that can be kept", async ({ page }) => {
  const teams = Array.from({ length: 40 }, (_, n) => `  - { slug: team-${n + 10}, name: Team ${n + 10} }`);
  const house = await openHouse({ declared: ["version: 1", "applications:", ...teams, ""].join("\n") });
  try {
    await signIn(page, "admin", `${house.url}/admin/applications`);
    const first = page.getByRole("row").nth(1);
    const slug = page.getByRole("columnheader", { name: "Slug" }).getByRole("link");
    await slug.click();
    await expect(page).toHaveURL(/sort=slug/);
    await expect(first).toContainText("aws");
    await slug.click();
    await expect(page).toHaveURL(/sort=(-|%2D)slug/);
    await expect(first).toContainText("team-49");
    await page.getByRole("link", { name: "Next" }).click();
    await expect(first).toContainText("team-24");
    const kept = page.url();
    await page.goto(`${house.url}/admin`);
    await page.goto(kept);
    await expect(first).toContainText("team-24");
    await page.getByRole("searchbox").fill("team-3");
    await page.getByRole("searchbox").press("Enter");
    await expect(page).toHaveURL(/q=team-3/);
    await expect(page.getByText("10 applications, page 1 of 1")).toBeVisible();
  } finally {
    await house.close();
  }
});

test("an auditor reads an application and finds nothing that would change it", async ({ page }) => {
  await signIn(page, "audrey", "/admin/applications/aws");
  await taken(page);
  await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
  await expect(page.getByRole("link", { name: "Edit" })).toHaveCount(0);
  await expect(page.getByRole("button", { name: "Delete the application" })).toHaveCount(0);
});

test.describe("a save that somebody overtook", () => {
  test.use({ tolerated: [/status of 409/] });

  test("shows both sides and loses neither", async ({ page, browser, house }) => {
    await signIn(page, "admin", "/admin/applications/aws/edit");
    await taken(page);
    const other = await browser.newPage({ baseURL: house.url });
    await signIn(other, "admin", "/admin/applications/aws/edit");
    await taken(other);
    await other.getByLabel("Description").fill("Theirs");
    await other.getByRole("button", { name: "Save" }).click();
    await expect(other).toHaveURL(/\/admin\/applications\/aws$/);
    await other.close();
    await page.getByLabel("Description").fill("Mine");
    await page.getByRole("button", { name: "Save" }).click();
    await expect(page.getByText("Theirs", { exact: true }).first()).toBeVisible();
    await expect(page.getByLabel("Description")).toHaveValue("Mine");
  });
});
