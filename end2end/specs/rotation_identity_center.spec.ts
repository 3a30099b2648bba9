import { expect, expectAccessible, openHouse, taken, test } from "../fixtures/house.ts";
import { adaReachesPortal, connectIdentityCenter, handOver } from "../pages/identity_center.ts";
import { confirmKeys, generateKey, nameNextKey } from "../pages/keys.ts";
import { signIn } from "../pages/sign_in.ts";

test.describe("rotation at Identity Center", () => {
  test("the key is changed without a sign-on lost, wherever it begins, and the former one is listed as retired", async ({ page, browser }) => {
    test.setTimeout(120_000);
    const house = await openHouse();
    try {
      await signIn(page, "admin", `${house.url}/admin`);
      await taken(page);
      await connectIdentityCenter(page, house);
      await test.step("before", () => adaReachesPortal(browser, house));

      await generateKey(page, house, "idp-next");
      await nameNextKey(page, house, "identity-center", "idp-next");
      const keys = page.getByRole("region", { name: "Keys of the metadata" });
      await expect(keys.getByRole("row")).toHaveCount(3);
      await test.step("with a next key that AWS does not have", () => adaReachesPortal(browser, house));
      await handOver(page, house);
      await test.step("with both keys at AWS", () => adaReachesPortal(browser, house));

      await confirmKeys(page, ["rolecall", "idp-next"]);
      await page.getByRole("button", { name: "Promote: idp-next" }).click();
      await expect(page.getByRole("button", { name: "Retire: rolecall" })).toBeVisible();
      await expect(keys.getByRole("row").filter({ hasText: "idp-next" })).toContainText("current: it signs");
      await test.step("with the next key promoted", () => adaReachesPortal(browser, house));

      const retired = page.getByRole("region", { name: "Retired keys" });
      await expect(retired).toHaveCount(0);
      await page.getByRole("button", { name: "Retire: rolecall" }).click();
      await expect(keys.getByRole("row")).toHaveCount(2);
      await expect(retired.getByRole("row").filter({ hasText: "rolecall" })).toContainText("by admin");
      await expectAccessible(page);
      await test.step("with the former key retired here", () => adaReachesPortal(browser, house));
      await handOver(page, house);
      await test.step("with the former key gone at AWS", () => adaReachesPortal(browser, house));
      await page.goto("about:blank");
    } finally {
      await house.close();
    }
  });
});
