import * as fs from "node:fs";
import * as path from "node:path";
import { expect } from "chai";
import { quotedIn, rowsUnder } from "../helpers/documents/markdown";
import { repository } from "../helpers/offline/start";

const document = "docs/troubleshooting.md";

/** Where the messages of each part come from. */
const parts: Record<string, string> = {
  "Messages of pulumi-offline": "offline",
  "Messages of an installation": "packaging",
  "Messages of the components": "components",
  "Messages of the policies": "policies",
};

describe("the guide to messages", () => {
  for (const [heading, folder] of Object.entries(parts)) {
    it(`quotes what the sources say: ${heading}`, () => {
      const rows = rowsUnder(document, heading);
      const sources = textOf(folder);
      expect(rows).to.not.be.empty;
      const unsaid = rows
        .flatMap(([message]) => quotedIn(message).flatMap((text) => text.split("…")))
        .filter((part) => !sources.includes(part.trim()));
      expect(unsaid).to.deep.equal([]);
    });
  }
});

/** The text of all sources in a folder. */
function textOf(folder: string): string {
  const files = fs.readdirSync(path.join(repository, folder), { recursive: true, encoding: "utf8" });
  return files
    .filter((file) => /\.(ts|js)$/.test(file))
    .map((file) => fs.readFileSync(path.join(repository, folder, file), "utf8"))
    .join("\n");
}
