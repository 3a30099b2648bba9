import { expect, expectAccessible, taken, test } from "../fixtures/house.ts";
import { fact, takeRole } from "../pages/aws.ts";
import { fillIn, signIn } from "../pages/sign_in.ts";

test("a member goes from the tile to the console", async ({ page, house }) => {
  await signIn(page, "ada");
  await page.getByRole("link", { name: /Amazon Web Services/ }).click();
  await expect(page).toHaveURL(`${house.aws}/saml`);
  await expect(page.getByLabel("ReadOnly")).toBeVisible();
  await takeRole(page, "Admin");
  await expect(fact(page, "Account")).toHaveText("123412341234");
  await expect(fact(page, "Role")).toHaveText("Admin");
  await expect(fact(page, "Session name")).toHaveText("ada");
});

test("a role is chosen on the portal by keyboard, and AWS does not ask again", async ({ page }) => {
  await signIn(page, "ada");
  await taken(page);
  await page.getByRole("link", { name: /Amazon Web Services/ }).focus();
  await page.keyboard.press("Tab");
  await expect(page.locator("summary", { hasText: "Choose one of 2 AWS roles" })).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(page.getByRole("link", { name: "All of them" })).toBeVisible();
  await page.keyboard.press("Tab");
  await expect(page.getByRole("link", { name: "Admin account 123412341234" })).toBeFocused();
  await page.keyboard.press("Tab");
  await expect(page.getByRole("link", { name: "ReadOnly account 123412341234" })).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { name: "Console" })).toBeVisible();
  await expect(fact(page, "Role")).toHaveText("ReadOnly");
});

test("all roles are still one of the choices", async ({ page }) => {
  await signIn(page, "ada");
  await taken(page);
  await page.locator("summary", { hasText: "AWS roles" }).click();
  await page.getByRole("link", { name: "All of them" }).click();
  await takeRole(page, "Admin");
});

test("a chosen role and a deep link survive signing in", async ({ page }) => {
  const state = "https://console.aws.amazon.com/ec2/";
  const role = "arn:aws:iam::123412341234:role/ReadOnly";
  await page.goto(`/application/saml/aws/sso/binding/init/?${new URLSearchParams({ RelayState: state, role })}`);
  await fillIn(page, "ada");
  await expect(fact(page, "Role")).toHaveText("ReadOnly");
  await expect(fact(page, "Landing page")).toHaveText(state);
});

test.describe("without JavaScript", () => {
  test.use({ javaScriptEnabled: false });

  test("a role is chosen on the portal", async ({ page }) => {
    await signIn(page, "ada");
    await page.locator("summary", { hasText: "AWS roles" }).click();
    await page.getByRole("link", { name: "ReadOnly account 123412341234" }).click();
    await page.getByRole("button", { name: "Continue" }).click();
    await expect(fact(page, "Role")).toHaveText("ReadOnly");
  });
});

test.describe("a role that is not offered", () => {
  test.use({ tolerated: [/status of 403/] });

  test("is refused, and the page says what to do", async ({ page }) => {
    const role = "arn:aws:iam::123412341234:role/Engineer";
    await signIn(page, "ada", `/application/saml/aws/sso/binding/init/?${new URLSearchParams({ role })}`);
    await expect(page.getByRole("heading", { level: 1 })).toHaveText("You may not take this role");
    await expect(page.getByText("Choose one of the roles that your applications show")).toBeVisible();
    await expectAccessible(page);
  });
});

test("a deep link survives signing in", async ({ page }) => {
  const state = "https://console.aws.amazon.com/ec2/home?region=eu-central-1#Instances:x=é&y";
  await page.goto(`/application/saml/aws/sso/binding/init/?RelayState=${encodeURIComponent(state)}`);
  await fillIn(page, "grace");
  await takeRole(page, "Engineer");
  await expect(fact(page, "Landing page")).toHaveText(state);
});

test("two tabs that began as strangers both arrive", async ({ page, context }) => {
  const other = await context.newPage();
  await page.goto("/application/saml/aws/sso/binding/init/?RelayState=https%3A%2F%2Fconsole.aws.amazon.com%2Fec2%2F");
  await other.goto("/application/saml/aws/sso/binding/init/?RelayState=https%3A%2F%2Fconsole.aws.amazon.com%2Fs3%2F");
  await fillIn(page, "ada");
  await takeRole(page, "Admin");
  await expect(fact(page, "Landing page")).toHaveText("https://console.aws.amazon.com/ec2/");
  await fillIn(other, "ada");
  await takeRole(other, "Admin");
  await expect(fact(other, "Landing page")).toHaveText("https://console.aws.amazon.com/s3/");
});

test.describe("without access", () => {
  test.use({ tolerated: [/status of 403/] });

  test("a person is told whom to ask", async ({ page }) => {
    const answered = page.waitForResponse((r) => r.status() === 403);
    await signIn(page, "audrey", "/application/saml/aws/sso/binding/init/");
    await answered;
    await expect(page.getByRole("heading", { level: 1 })).toContainText("You may not open");
    await expect(page.getByText("ask the administrators")).toBeVisible();
  });
});

test.describe("a wrong password", () => {
  test.use({ tolerated: [/status of 401/] });

  test("is refused in words and keeps the user name", async ({ page }) => {
    await page.goto("/login");
    await fillIn(page, "grace", "not the password");
    await expect(page.getByRole("alert")).toContainText("do not fit together");
    await expect(page.getByLabel("User name")).toHaveValue("grace");
    await expect(page.getByLabel("Password")).toHaveValue("");
  });
});
