import { expect, expectAccessible, taken, test } from "../fixtures/house.ts";
import { signIn } from "../pages/sign_in.ts";

test.describe("property mappings", () => {
  test.use({ tolerated: [/status of 422/] });

  test("a shipped mapping is copied, changed, tried for a person and saved", async ({ page }) => {
    await signIn(page, "admin", "/admin/property-mappings");
    await taken(page);
    await expectAccessible(page);
    await page.getByRole("link", { name: "rolecall default SAML: email" }).click();
    await expect(page.getByText("It comes with Rolecall")).toBeVisible();
    await expect(page.getByRole("link", { name: "Edit", exact: true })).toHaveCount(0);
    await page.getByRole("link", { name: "Copy", exact: true }).click();
    await expect(page.getByLabel("Name", { exact: true })).toHaveValue("Copy of SAML: email");
    const expression = page.getByLabel("Expression", { exact: true });
    await expression.fill("x = 1\nreturn x.nothing");
    await expect(page.locator(".editor .keyword"), "it is in colours while it is typed").toHaveText("return");
    await page.getByLabel("For the user").fill("ada");
    await page.getByRole("button", { name: "Try the expression" }).click();
    await expect(page.getByText("line 2")).toBeVisible();
    await expect(page.locator(".editor .fault"), "the line is marked").toHaveText("return x.nothing");
    await expectAccessible(page);

    await expression.fill("return ");
    await expression.press("Control+End");
    await page.keyboard.type("user.em");
    const offered = page.getByRole("option", { name: "user.email" });
    await expect(offered).toBeVisible();
    await page.keyboard.press("ArrowDown");
    await expect(offered).toHaveAttribute("aria-selected", "true");
    await expect(expression).toHaveAttribute("aria-activedescendant", (await offered.getAttribute("id")) ?? "");
    await expectAccessible(page);
    await page.keyboard.press("Enter");
    await expect(expression).toHaveValue("return user.email");
    await expect(offered).toBeHidden();
    await page.keyboard.type(".upper()");
    await expect(page.getByText("ADA@EXAMPLE.COM", { exact: true }), "it is tried again by itself").toBeVisible();
    await expect(page.locator(".editor .fault")).toHaveCount(0);
    await expect(page.locator(".editor .name")).toHaveText(["user", "email"]);
    await expectAccessible(page);
    await page.getByRole("button", { name: "Create the property mapping" }).click();
    await expect(page.getByRole("heading", { level: 1 })).toHaveText("Property mapping Copy of SAML: email");
    await expect(page.locator(".code .keyword"), "it is read in colours").toHaveText("return");
    await page.getByRole("link", { name: "Edit", exact: true }).click();
    await page.getByLabel("Expression", { exact: true }).fill("return (");
    await page.getByRole("button", { name: "Save" }).click();
    await expect(page.getByLabel("Expression", { exact: true })).toHaveAttribute("aria-invalid", "true");
    await expect(page.locator(".editor .fault"), "the line that was refused is marked").toHaveText("return (");
    await page.getByLabel("Expression", { exact: true }).fill("return user.email");
    await page.getByRole("button", { name: "Save" }).click();
    await expect(page.getByRole("row").filter({ hasText: "changed the property mapping" })).toHaveCount(1);
    await page.getByRole("button", { name: "Delete the property mapping" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Delete", exact: true }).click();
    await expect(page).toHaveURL(/\/admin\/property-mappings$/);
  });
});

test("a page that the server draws has the same editor", async ({ page }) => {
  await signIn(page, "admin", "/admin/policies/-/new");
  await taken(page);
  const expression = page.getByLabel("Expression", { exact: true });
  await expect(page.locator(".editor .keyword")).toHaveText("return");
  await expression.fill("");
  await page.keyboard.type("# é🦀 us\nif 'us' == user.is");
  await expect(page.getByRole("option")).toHaveText(["user.is_active", "user.is_member("]);
  await page.keyboard.press("ArrowUp");
  await expect(page.getByRole("option"), "a key that chooses none moves the caret").toHaveCount(0);
  await page.keyboard.press("Control+End");
  await page.keyboard.press("Control+Space");
  await page.getByRole("option", { name: "user.is_member(" }).click();
  await page.keyboard.type('"engineers"):\nreturn user.is_active');
  await expect(expression).toHaveValue("# é🦀 us\nif 'us' == user.is_member(\"engineers\"):\nreturn user.is_active");
  await expect(page.locator(".editor .text")).toHaveText(["'us'", '"engineers"']);
  await expect(page.locator(".editor .comment")).toHaveText("# é🦀 us");
  await page.keyboard.press("Control+Space");
  await expect(page.getByRole("option"), "a name that is whole is not offered").toHaveCount(0);
  const [above, below] = await Promise.all([expression.boundingBox(), page.locator(".editor .layer").boundingBox()]);
  expect(above, "the text and its painting are in the same place").toEqual(below);
});

test("the list of events says that newer ones are there and shows them when asked", async ({ page, browser, house }) => {
  await signIn(page, "admin", "/admin/events");
  await taken(page);
  const other = await browser.newPage({ baseURL: house.url });
  await signIn(other, "ada");
  await other.close();
  await page.getByRole("button", { name: /new event/ }).click();
  await expect(page.getByRole("row").nth(1)).toContainText("ada signed in");
});
