import { expect, test } from "../fixtures/house.ts";
import { fillIn, signIn } from "../pages/sign_in.ts";

test("a member goes from the tile to the console", async ({ page, house }) => {
  await signIn(page, "ada");
  await page.getByRole("link", { name: /Amazon Web Services/ }).click();
  await expect(page).toHaveURL(`${house.acs}/saml`);
  await expect(page.getByRole("heading", { name: "Signed in" })).toBeVisible();
  await expect(page.getByText("arn:aws:iam::123412341234:role/Admin,")).toBeVisible();
  await expect(page.getByText("arn:aws:iam::123412341234:role/ReadOnly,")).toBeVisible();
});

test("a deep link survives signing in", async ({ page }) => {
  const state = "https://console.aws.amazon.com/ec2/home?region=eu-central-1#Instances:x=é&y";
  await page.goto(`/application/saml/aws/sso/binding/init/?RelayState=${encodeURIComponent(state)}`);
  await fillIn(page, "grace");
  await expect(page.getByRole("heading", { name: "Signed in" })).toBeVisible();
  await expect(page.getByTestId("relay-state")).toHaveText(state);
});

test("two tabs that began as strangers both arrive", async ({ page, context }) => {
  const other = await context.newPage();
  await page.goto("/application/saml/aws/sso/binding/init/?RelayState=first");
  await other.goto("/application/saml/aws/sso/binding/init/?RelayState=second");
  await fillIn(page, "ada");
  await expect(page.getByTestId("relay-state")).toHaveText("first");
  await fillIn(other, "ada");
  await expect(other.getByTestId("relay-state")).toHaveText("second");
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
