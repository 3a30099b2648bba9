import { expect, expectAccessible, expectRefused, openHouse, taken, test } from "../fixtures/house.ts";
import { makePair, metadata, Publisher } from "../fixtures/published.ts";
import { signIn } from "../pages/sign_in.ts";

const IMPORT = "/admin/saml-providers/-/import";

for (const scheme of ["light", "dark"] as const) {
  test.describe(`metadata of a service, in the ${scheme} theme`, () => {
    test.use({ colorScheme: scheme, tolerated: [/status of 422/] });

    test("is read from its address where the server may go there, saved, and read again from there", async ({ page }) => {
      test.slow();
      const house = await openHouse({ flags: ["--metadata-private-addresses"] });
      const publisher = await Publisher.start();
      publisher.document = metadata("https://wiki.example/acs");
      try {
        await signIn(page, "admin", house.url + IMPORT);
        await taken(page);
        for (const [address, words] of [
          ["file:///etc/passwd", "`file:` is not accepted; use https"],
          ["https://someone:secret@wiki.example/", "no user and no password"],
        ] as const) {
          await page.getByLabel("Or its address").fill(address);
          await page.getByRole("button", { name: "Read it from there" }).click();
          await expectRefused(page, "Or its address", words);
        }
        await expectAccessible(page);
        expect(publisher.asked).toBe(0);
        await page.getByLabel("Or its address").fill(publisher.url);
        await page.getByRole("button", { name: "Read it from there" }).click();
        await expect(page.getByLabel("Metadata", { exact: true })).toHaveValue(publisher.document);
        await page.getByRole("button", { name: "Read the metadata" }).click();
        const understood = page.getByRole("region", { name: "What was understood" });
        await expect(understood.getByText("https://wiki.example/acs")).toBeVisible();
        await expect(understood.getByText("not signed")).toBeVisible();
        await expectAccessible(page);
        await page.getByLabel("Name", { exact: true }).fill("wiki");
        await page.getByRole("button", { name: "Create the SAML provider" }).click();
        await expect(page).toHaveURL(/\/admin\/saml-providers\/wiki$/);

        publisher.document = metadata("https://wiki.example/new-acs");
        await page.getByRole("link", { name: "Read new metadata" }).click();
        await taken(page);
        await page.getByLabel("Or its address").fill(publisher.url);
        await page.getByRole("button", { name: "Read it from there" }).click();
        await expect(page.getByLabel("Metadata", { exact: true })).toHaveValue(publisher.document);
        await page.getByRole("button", { name: "Read the metadata" }).click();
        await expect(page.getByRole("heading", { name: "What would change" })).toBeVisible();
        await expectAccessible(page);
        await page.getByRole("button", { name: "Take these changes" }).click();
        await expect(page).toHaveURL(/\/admin\/saml-providers\/wiki$/);
        await expect(page.locator("dl").getByText("https://wiki.example/new-acs", { exact: true })).toBeVisible();
        expect(publisher.asked).toBe(2);
        await page.goto("about:blank");
      } finally {
        await publisher.stop();
        await house.close();
      }
    });

    test("is not read from this machine's network by a server that was not started so", async ({ page }) => {
      const publisher = await Publisher.start();
      try {
        await signIn(page, "admin", IMPORT);
        await taken(page);
        await page.getByLabel("Or its address").fill(publisher.url);
        await page.getByRole("button", { name: "Read it from there" }).click();
        await expectRefused(page, "Or its address", "--metadata-private-addresses");
        await expectAccessible(page);
        expect(publisher.asked).toBe(0);
      } finally {
        await publisher.stop();
      }
    });

    test("is verified with the certificate that an administrator gives, and with no other", async ({ page }) => {
      const [signer, stranger] = [makePair("publisher"), makePair("stranger")];
      const signed = metadata("https://wiki.example/acs", signer);
      const understood = page.getByRole("region", { name: "What was understood" });
      const read = async (text: string, certificate: string) => {
        await page.getByLabel("Metadata", { exact: true }).fill(text);
        await page.getByLabel("Certificate", { exact: true }).fill(certificate);
        await page.getByRole("button", { name: "Read the metadata" }).click();
      };
      await signIn(page, "admin", IMPORT);
      await taken(page);
      await page.getByText("Verify its signature").click();
      await read(signed, stranger.certificate);
      await expect(page.getByText("it verifies with none of the 1 certificates").first()).toBeVisible();
      await expect(understood).toHaveCount(0);
      await expectAccessible(page);
      await read(signed.replace("wiki.example/acs", "evil.example/acs"), signer.certificate);
      await expect(page.getByText("the content was changed after signing").first()).toBeVisible();
      await read(metadata("https://wiki.example/acs"), signer.certificate);
      await expect(page.getByText("signature: there is none").first()).toBeVisible();
      await read(signed, "not a certificate");
      await expectRefused(page, "Certificate", /certificate/);
      await expect(understood).toHaveCount(0);

      // Signed and believed are two things.
      await read(signed, "");
      await expect(understood.getByText("signed, not verified")).toBeVisible();
      await read(signed, signer.certificate);
      await expect(understood.getByText("signature verified")).toBeVisible();
      await expectAccessible(page);
    });
  });
}
