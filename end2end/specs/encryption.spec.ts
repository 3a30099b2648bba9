import { expect, expectAccessible, expectRefused, openHouse, taken, test } from "../fixtures/house.ts";
import { makePair } from "../fixtures/published.ts";
import { adaAtAws, adaSignsOn, askIam } from "../pages/aws.ts";
import { signIn } from "../pages/sign_in.ts";

const PROVIDER = "/admin/saml-providers/aws-iam";
const EXCHANGE = "Further addresses, signed requests, encryption, logout";

/** What a role demands of who comes to the consumer services of all providers and of this one. */
function trust(recipients: string[]): string {
  const federated = { Federated: "arn:aws:iam::123412341234:saml-provider/rolecall" };
  const statement = { Effect: "Allow", Principal: federated, Action: ["sts:AssumeRoleWithSAML"], Condition: { StringEquals: { "SAML:aud": recipients } } };
  return JSON.stringify({ Version: "2012-10-17", Statement: [statement] });
}

for (const scheme of ["light", "dark"] as const) {
  test.describe(`encrypted assertions, in the ${scheme} theme`, () => {
    test.use({ colorScheme: scheme, tolerated: [/status of 422/] });

    test("begin with a key that is handed to IAM as the page says, and end as the only ones that AWS takes", async ({ page, browser }) => {
      test.slow();
      const house = await openHouse();
      const pair = makePair("aws-assertions");
      const handOver = async () => {
        await taken(page);
        await page.getByText("Encrypted assertions: hand a key to IAM").click();
      };
      try {
        await signIn(page, "admin", house.url + PROVIDER);
        await handOver();
        await expect(page.getByText("IAM must not be set to Required")).toBeVisible();
        await expect(page.getByText("--assertion-encryption-mode Allowed --add-private-key file://aws-assertions.key")).toBeVisible();
        await expect(page.getByText("arn:aws:iam::ACCOUNT:saml-provider/NAME")).toBeVisible();
        await expect(page.getByText("In the trust policy of each role")).toContainText("SAML:aud");
        await expectAccessible(page);

        await askIam(house, "UpdateSAMLProvider", { AssertionEncryptionMode: "Allowed", AddPrivateKey: pair.key });
        const uuid = /<SAMLProviderUUID>(\w+)</.exec(await askIam(house, "GetSAMLProvider"))?.[1];
        const own = `${house.aws}/saml/acs/${uuid}`;
        // Nothing is lost while AWS may take both.
        await adaSignsOn(browser, house);

        await page.getByRole("link", { name: "Edit", exact: true }).click();
        await taken(page);
        await page.getByText(EXCHANGE).click();
        await page.getByLabel("Encrypt assertions to", { exact: true }).fill(pair.key);
        await page.getByRole("button", { name: "Save" }).click();
        await expectRefused(page, "Encrypt assertions to", /certificate/);
        await expectAccessible(page);
        await page.getByLabel("Encrypt assertions to", { exact: true }).fill(pair.certificate);
        await page.getByLabel("ACS address", { exact: true }).fill(own);
        await page.getByRole("button", { name: "Save" }).click();
        await expect(page).toHaveURL(new RegExp(`${PROVIDER}$`));
        await handOver();
        await expect(page.getByText("IAM may be set to Allowed or Required")).toBeVisible();
        await expectAccessible(page);

        // The roles must know the address.
        await adaAtAws(browser, house, async (ada) => {
          await ada.getByLabel("Admin").check();
          await ada.getByRole("button", { name: "Sign in" }).click();
          await expect(ada.getByText("Not authorized to perform sts:AssumeRoleWithSAML").first()).toBeVisible();
        });
        for (const role of ["Admin", "ReadOnly"]) {
          await askIam(house, "UpdateAssumeRolePolicy", { RoleName: role, PolicyDocument: trust([`${house.aws}/saml`, own]) });
        }
        await adaSignsOn(browser, house);
        await askIam(house, "UpdateSAMLProvider", { AssertionEncryptionMode: "Required" });
        await adaSignsOn(browser, house);

        // What is not encrypted is refused now.
        await page.getByRole("link", { name: "Edit", exact: true }).click();
        await taken(page);
        await page.getByText(EXCHANGE).click();
        await page.getByLabel("Encrypt assertions to", { exact: true }).fill("");
        await page.getByRole("button", { name: "Save" }).click();
        await expect(page).toHaveURL(new RegExp(`${PROVIDER}$`));
        await handOver();
        await expect(page.getByText("IAM must not be set to Required")).toBeVisible();
        await adaAtAws(browser, house, async (ada) => {
          await expect(ada).toHaveURL(own);
          await expect(ada.getByRole("heading", { name: "Select a role" })).toHaveCount(0);
          await expect(ada.getByText("Your request included an invalid SAML response.").first()).toBeVisible();
        });
        await page.goto("about:blank");
      } finally {
        await house.close();
      }
    });
  });
}
