// What the judges from npm share; the shape of case and verdict is described in common.py.
import { createRequire } from "node:module";
import { readFileSync } from "node:fs";

// The packages live in a cache folder outside the checkout; tests/judges/run says where.
export const load = createRequire(`${process.env.ROLECALL_JUDGES_NODE ?? import.meta.dirname}/`);

export function readCase() {
  const given = JSON.parse(readFileSync(0, "utf8"));
  if (given.now) setClock(Date.parse(given.now));
  given.certificate = given.certificate_base64.split("\n").filter((l) => !l.startsWith("-----")).join("").replace(/\s/g, "");
  return given;
}

export function pem(certificate) {
  return `-----BEGIN CERTIFICATE-----\n${certificate.match(/.{1,64}/g).join("\n")}\n-----END CERTIFICATE-----\n`;
}

/** Everything that asks for the present gets the case's instant. */
function setClock(instant) {
  const Real = Date;
  globalThis.Date = class extends Real {
    constructor(...given) {
      super(...(given.length ? given : [instant]));
    }
    static now() {
      return instant;
    }
  };
}

export function require_(condition, message) {
  if (!condition) throw new Error(message);
}

export async function judge(verify) {
  const verdict = { accepted: false, name_id: null, attributes: {}, error: null };
  try {
    const { nameId, attributes } = await verify(readCase());
    Object.assign(verdict, { accepted: true, name_id: nameId, attributes });
  } catch (error) {
    verdict.error = String(error?.message ?? error);
  }
  console.log(JSON.stringify(verdict));
}

/** A value is a text, or a list of them where there are several. */
export const list = (value) => (Array.isArray(value) ? value : [value]).map((v) => (typeof v === "string" ? v : String(v?._ ?? v ?? "")));
