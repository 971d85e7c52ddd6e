import * as fs from "node:fs";
import * as path from "node:path";
import { expect } from "chai";
import { begin } from "../../helpers/offline/cli";
import { temporaryFolder } from "../../helpers/offline/graph";

const init = (...parameters: string[]) => begin("init", ...parameters).ended;

describe("pulumi-offline init", () => {
  it("creates a project that is named after its folder, and says what to do next", async () => {
    const folder = path.join(temporaryFolder(), "lamps");
    expect(await init(folder)).to.deep.equal({
      code: 0,
      out: `Created lamps in ${folder}. Next:\n  cd ${folder} && npm install\n  npm start\n  npm test\n`,
      error: "",
    });
    const read = (file: string) => fs.readFileSync(path.join(folder, file), "utf8");
    expect(JSON.parse(read("package.json")).name).to.equal("lamps");
    expect(read("Pulumi.yaml")).to.contain("name: lamps\n").and.not.contain("template");
    expect(read("README.md")).to.match(/^# lamps\n/);
    const files = fs.readdirSync(folder, { recursive: true, encoding: "utf8" });
    expect(files).to.include.members([".gitignore", ".nvmrc", path.join(".vscode", "launch.json"), "index.ts"]);
    for (const file of files.filter((one) => fs.statSync(path.join(folder, one)).isFile())) {
      expect(read(file), file).to.not.match(/\$\{(PROJECT|DESCRIPTION)\}/);
    }
  });

  it("takes another name", async () => {
    const folder = path.join(temporaryFolder(), "two words");
    const refused = await init(folder);
    expect(refused).to.deep.include({ code: 1, out: "" });
    expect(refused.error).to.contain('"two words" cannot be a project\'s name').and.contain("--name");
    expect(fs.existsSync(folder)).to.equal(false);
    expect((await init(folder, "--name", "two-words")).out).to.contain(`  cd "${folder}" && npm install\n`);
    expect(fs.readFileSync(path.join(folder, "Pulumi.yaml"), "utf8")).to.contain("name: two-words\n");
  });

  it("overwrites nothing, and names everything that is in the way", async () => {
    const folder = temporaryFolder();
    for (const file of ["index.ts", "README.md", "notes.txt"]) fs.writeFileSync(path.join(folder, file), "mine");
    const { code, error } = await init(folder);
    expect(code).to.equal(1);
    expect(error).to.match(/move these:\n {2}README\.md\n {2}index\.ts\n$/);
    expect(fs.readdirSync(folder).sort()).to.deep.equal(["README.md", "index.ts", "notes.txt"]);
    expect(fs.readFileSync(path.join(folder, "index.ts"), "utf8")).to.equal("mine");
  });

  it("creates no folder below a file", async () => {
    const file = path.join(temporaryFolder(), "file");
    fs.writeFileSync(file, "");
    const { code, error } = await init(path.join(file, "project"));
    expect({ code, error }).to.deep.equal({ code: 1, error: `error: ${file} is a file: name a folder.\n` });
  });
});
