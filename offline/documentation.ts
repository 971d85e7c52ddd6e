import * as fs from "node:fs";
import * as path from "node:path";
import { coverage } from "./cloud/coverage";

/** This folder's README.md; `npm run docs` generates the text between the marks. */
export const readme = path.join(__dirname, "README.md");

const marks = /(<!-- operations -->\n)[\s\S]*(<!-- end of operations -->)/;

/** The text with an up-to-date table of the emulated operations. */
export function withOperations(text: string): string {
  return text.replace(marks, (_, begin, end) => `${begin}\n${table()}\n\n${end}`);
}

function table(): string {
  const rows = coverage().map(({ service, emulated, notEmulated }) => {
    const names = emulated.map((name) => `\`${name}\``).join(", ");
    return `| \`${service}\` | ${emulated.length} of ${emulated.length + notEmulated.length} | ${names} |`;
  });
  return ["| Service | Operations | Emulated |", "| --- | --- | --- |", ...rows].join("\n");
}

if (require.main === module) fs.writeFileSync(readme, withOperations(fs.readFileSync(readme, "utf8")));
