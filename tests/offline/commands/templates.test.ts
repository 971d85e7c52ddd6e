import { execFileSync } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { expect } from "chai";
import { filesIn } from "../../../offline/commands/templates";
import { repository } from "../../helpers/offline/start";
import { temporaryFolder } from "../../helpers/temporaryFolder";

describe("the files of a template", () => {
  it("are none of those that trying it out leaves behind", () => {
    const folder = temporaryFolder();
    const left = [
      "node_modules/a/index.cjs",
      "handlers/node_modules/a/index.cjs",
      "package-lock.json",
      "yarn.lock",
      "coverage/index.html",
      ".env",
      ".env.local",
      ".data/credentials.json",
      "tests/__pycache__/a.pyc",
      "tsconfig.tsbuildinfo",
      "npm-debug.log",
    ];
    for (const file of [...left, "index.ts", ".gitignore", "handlers/bin.ts"]) {
      fs.mkdirSync(path.dirname(path.join(folder, file)), { recursive: true });
      fs.writeFileSync(path.join(folder, file), "");
    }
    const own = [".gitignore", path.join("handlers", "bin.ts"), "index.ts"];
    expect(filesIn(folder).toSorted()).to.deep.equal(own);
  });

  it("are all that the repository has", () => {
    const examples = path.join(repository, "examples");
    const tracked = execFileSync("git", ["ls-files"], { cwd: examples, encoding: "utf8" }).trim().split("\n");
    expect(filesIn(examples)).to.include.members(tracked.map(path.normalize));
  });
});
