import { readFileSync } from "node:fs";
import { expect, expectAccessible, openHouse, taken, test } from "../fixtures/house.ts";
import { SCIM_TOKEN } from "../fixtures/sandbox.ts";
import { signIn } from "../pages/sign_in.ts";

for (const scheme of ["light", "dark"] as const) {
  test.describe(`connecting Identity Center, in the ${scheme} theme`, () => {
    test.use({ colorScheme: scheme, tolerated: [/status of 422/] });

    test("leads from AWS's file to a sign-on that arrives and people who are there", async ({ page, browser }) => {
      test.setTimeout(120_000);
      const house = await openHouse();
      const { sandbox } = house;
      try {
        await signIn(page, "admin", `${house.url}/admin`);
        await taken(page);
        await page.getByRole("link", { name: "Connect IAM Identity Center" }).click();
        await expectAccessible(page);

        // The file of another service is told apart.
        const metadata = await (await fetch(sandbox.center)).text();
        await page.getByLabel("Metadata", { exact: true }).fill(metadata.replaceAll("/platform/saml/d-", "/platform/other/d-"));
        await page.getByRole("button", { name: "Read the metadata" }).click();
        await expect(page.getByText("This is not the file of IAM Identity Center")).toBeVisible();
        const file = { name: "metadata.xml", mimeType: "text/xml", buffer: Buffer.from(metadata) };
        await page.getByLabel("Take the metadata from a file").setInputFiles(file);
        await expect(page.getByLabel("Metadata", { exact: true })).toHaveValue(metadata);
        await page.getByRole("button", { name: "Read the metadata" }).click();
        await expect(page.getByText("This is IAM Identity Center.")).toBeVisible();
        await expectAccessible(page);
        await page.getByLabel("Name", { exact: true }).fill("center");
        await page.getByRole("button", { name: "Save and go on" }).click();

        await expect(page.getByRole("heading", { level: 1 })).toHaveText("Application and access");
        await page.getByRole("button", { name: "Create the application" }).click();
        await expect(page.getByRole("alert").getByText("tick the groups")).toBeVisible();
        await page.getByLabel("engineering").check();
        await expectAccessible(page);
        await page.getByRole("button", { name: "Create the application" }).click();

        // The state is in what is stored, so a reload loses nothing.
        await expect(page.getByRole("heading", { level: 1 })).toHaveText("Our metadata for AWS");
        await page.reload();
        await taken(page);
        await expect(page.getByRole("navigation", { name: "Steps" }).getByRole("link", { name: "done: Application and access" })).toBeVisible();
        await expectAccessible(page);
        const [certificate] = await Promise.all([page.waitForEvent("download"), page.getByRole("link", { name: "Download the certificate" }).click()]);
        expect(readFileSync(await certificate.path(), "utf8")).toContain("BEGIN CERTIFICATE");
        const [ours] = await Promise.all([page.waitForEvent("download"), page.getByRole("link", { name: "Download the metadata" }).click()]);
        expect(ours.suggestedFilename()).toBe("identity-center-metadata.xml");
        await sandbox.control("PUT", "identity-provider", readFileSync(await ours.path(), "utf8"));
        await page.getByRole("link", { name: /^AWS has it/ }).click();

        await expect(page.getByRole("heading", { level: 1 })).toHaveText("Start address");
        await page.getByLabel("AWS access portal sign-in URL").fill("nowhere");
        await page.getByRole("button", { name: "Save and go on" }).click();
        await expect(page.getByLabel("AWS access portal sign-in URL")).toHaveAttribute("aria-invalid", "true");
        await expectAccessible(page);
        await page.getByLabel("AWS access portal sign-in URL").fill(`${sandbox.url}/start`);
        await page.getByRole("button", { name: "Save and go on" }).click();

        await expect(page.getByRole("heading", { level: 1 })).toHaveText("NameID check");
        await page.getByRole("searchbox").fill("ada");
        await page.getByRole("button", { name: "Search" }).click();
        await page.getByRole("link", { name: "ada", exact: true }).click();
        await expect(page.getByText("Identity Center would find ada.")).toBeVisible();
        await expectAccessible(page);
        await page.getByRole("link", { name: /^Go on/ }).click();

        await expect(page.getByRole("heading", { level: 1 })).toHaveText("Provisioning");
        await page.getByLabel("SCIM endpoint").fill(sandbox.scim);
        await page.getByLabel("Access token").fill("not-the-token");
        await page.getByRole("button", { name: "Test the connection" }).click();
        await expect(page.getByText("not connected")).toBeVisible();
        await expect(page.getByLabel("Access token")).toHaveAttribute("aria-invalid", "true");
        await expectAccessible(page);
        await page.getByLabel("Access token").fill(SCIM_TOKEN);
        await page.getByRole("button", { name: "Test the connection" }).click();
        await expect(page.getByText("address and token are good")).toBeVisible();
        // Somebody else made these at AWS: one has the name of a group of ours, and one is like nothing of ours.
        await sandbox.groupByHand("platform-leads");
        await sandbox.byHand("stranger@example.com");
        await page.getByLabel("Users and groups there with the name of one of ours").selectOption("ask");
        await page.getByRole("button", { name: "Create the SCIM provider" }).click();

        const there = page.getByRole("region", { name: "There already" });
        const found = (name: string) => there.getByRole("row").filter({ hasText: name });
        await expect(found("stranger@example.com")).toContainText("foreign");
        await expect(found("stranger@example.com")).toContainText("it is left alone");
        await expect(found("platform-leads")).toContainText("in conflict");
        await expect(found("platform-leads")).toContainText("it waits for a decision");
        await expect(page.getByText("This is what the first run would do.")).toBeVisible();
        await expect(page.getByRole("region", { name: "Steps" }).getByRole("row").filter({ hasText: "ada@example.com" }).first()).toBeVisible();
        await expectAccessible(page);
        expect(await sandbox.users(), "nothing is sent before the plan was seen").toEqual(["stranger@example.com active"]);
        await there.getByRole("button", { name: "Take over platform-leads" }).click();
        await expect(found("platform-leads")).toContainText("it becomes ours");
        await expect(page.getByRole("button", { name: /^Take over/ })).toHaveCount(0);
        await expectAccessible(page);
        await page.getByRole("button", { name: "Switch it on and run" }).click();
        await expect(page).toHaveURL(/\/admin\/scim-providers\/center-scim$/);
        await expect.poll(() => sandbox.users()).toEqual(["ada@example.com active", "grace@example.com active", "stranger@example.com active"]);

        await page.goto(`${house.url}/admin/connect/identity-center/center/name-id`);
        await expect(page.getByRole("navigation", { name: "Steps" }).getByRole("link", { name: "done: NameID check" })).toBeVisible();
        await expect(page.getByText("One setting makes both")).toBeVisible();
        await expectAccessible(page);

        const member = await browser.newPage();
        await signIn(member, "ada", `${house.url}/`);
        await member.getByRole("link", { name: /^AWS/ }).click();
        await expect(member).toHaveURL(new RegExp(`^${sandbox.url}`));
        await expect.poll(async () => ((await sandbox.control("GET", "sessions")) as unknown[]).length).toBe(1);
        await member.close();
        await page.goto("about:blank");
      } finally {
        await house.close();
      }
    });
  });
}
