import { expect, test } from "../fixtures/house.ts";
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
