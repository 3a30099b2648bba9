// What the service providers from npm share; the orders are described in provider.py.
import { createInterface } from "node:readline";

export async function serve(functions) {
  for await (const line of createInterface({ input: process.stdin })) {
    const { op, sp, ...given } = JSON.parse(line);
    let answer;
    try {
      answer = { ok: (await functions[op](sp, given)) ?? null };
    } catch (error) {
      answer = { error: String(error?.message ?? error) };
    }
    process.stdout.write(`${JSON.stringify(answer)}\n`);
  }
}

export const bare = (pem) => pem.split("\n").filter((line) => !line.startsWith("-----")).join("").replace(/\s/g, "");

export const fieldsOf = (query) => Object.fromEntries(new URLSearchParams(query));
