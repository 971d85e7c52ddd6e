import * as fs from "node:fs";
import * as path from "node:path";
import { expect } from "chai";
import { begin } from "../../helpers/offline/cli";
import { temporaryFolder } from "../../helpers/temporaryFolder";

const names = ["pulumi-graviton", "pulumi-graviton-policies", "pulumi-offline"];
const tarballs = names.map((name) => `${name}-0.1.0.tgz`);

/** A folder with a stand-in for each of these tarballs. */
function packagesIn(files: string[]): string {
  const folder = temporaryFolder();
  for (const file of files) fs.writeFileSync(path.join(folder, file), `bytes of ${file}`);
  return folder;
}

describe("pulumi-offline init", () => {
  let packages: string;
  before(() => {
    packages = packagesIn(tarballs);
  });
  const init = (...parameters: string[]) => begin("init", "--packages", packages, ...parameters).ended;

  it("creates a project that is named after its folder, and says what to do next", async () => {
    const folder = path.join(temporaryFolder(), "lamps");
    expect(await init(folder)).to.deep.equal({
      code: 0,
      out: `Created lamps in ${folder}. Next:\n  cd ${folder} && npm install\n  npm start\n  npm run preview\n  npm test\n`,
      error: "",
    });
    const read = (file: string) => fs.readFileSync(path.join(folder, file), "utf8");
    expect(JSON.parse(read("package.json")).name).to.equal("lamps");
    expect(read("Pulumi.yaml")).to.contain("name: lamps\n").and.not.contain("template");
    expect(read("README.md")).to.match(/^# lamps\n/);
    const files = fs.readdirSync(folder, { recursive: true, encoding: "utf8" });
    expect(files).to.include.members([".gitignore", ".nvmrc", path.join(".vscode", "launch.json"), "index.ts"]);
    for (const [index, name] of names.entries()) {
      const { dependencies, devDependencies } = JSON.parse(read("package.json"));
      expect({ ...dependencies, ...devDependencies }[name]).to.equal(`file:vendor/${tarballs[index]}`);
      expect(read(path.join("vendor", `${tarballs[index]}`))).to.equal(`bytes of ${tarballs[index]}`);
    }
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

  it("does not take a file for a folder that the project needs", async () => {
    const folder = temporaryFolder();
    for (const file of ["vendor", "handlers"]) fs.writeFileSync(path.join(folder, file), "mine");
    expect((await init(folder, "--name", "shop")).error).to.match(/move these:\n {2}handlers\n {2}vendor\n$/);
    expect(fs.readdirSync(folder).sort()).to.deep.equal(["handlers", "vendor"]);
  });

  it("copies another example, and only the packages that it needs", async () => {
    const folder = path.join(temporaryFolder(), "lamps");
    const { out } = await init(folder, "--template", "existing-network");
    expect(out).to.contain("  npm start\n  npm run preview\n").and.not.contain("npm test");
    expect(fs.readFileSync(path.join(folder, "Pulumi.dev.yaml"), "utf8")).to.contain("  lamps:vpcName: main\n");
    const other = path.join(temporaryFolder(), "notes");
    expect((await init(other, "--template", "components-yaml")).out).to.match(/npm install\n$/);
    expect(fs.readdirSync(path.join(other, "vendor"))).to.deep.equal(["pulumi-graviton-0.1.0.tgz"]);
    expect(fs.readFileSync(path.join(other, "Pulumi.yaml"), "utf8")).to.match(/^name: notes\n[\s\S]*\$\{handler\./);
  });

  it("names all mistakes at once, and writes nothing", async () => {
    const folder = path.join(temporaryFolder(), "two words");
    const some = packagesIn(tarballs.slice(2));
    const { code, error } = await begin("init", folder, "--packages", some).ended;
    expect(code).to.equal(1);
    expect(error)
      .to.contain('"two words" cannot be')
      .and.contain(
        `\n${some} does not contain ${tarballs[0]}, ${tarballs[1]}: name a folder that contains them with --packages.\n`,
      );
    const unknown = await init(folder, "--template", "api-and-job");
    expect(unknown.error).to.match(
      /"two words" cannot be[\s\S]*no template "api-and-job"\. Did you mean api-and-jobs\?/,
    );
    expect(unknown.error).to.match(/The templates are api-and-jobs, .*minimal, policy-pack\.\n$/);
    expect(fs.existsSync(folder)).to.equal(false);
  });

  it("names a folder that cannot be created, and why", async () => {
    const folder = path.join(temporaryFolder(), "long".repeat(100));
    const { code, error } = await init(folder, "--name", "shop");
    const reason = `${folder} cannot be created: name too long. Choose a folder that you can write to.`;
    expect({ code, error }).to.deep.equal({ code: 1, error: `error: ${reason}\n` });
  });

  it("asks for another folder where it may not write", async function () {
    // The superuser may write anywhere, and Windows knows no such mode.
    if (process.getuid === undefined || process.getuid() === 0) return this.skip();
    const folder = temporaryFolder();
    fs.chmodSync(folder, 0o500);
    const { code, error } = await init(path.join(folder, "shop"));
    expect({ code, error }).to.deep.equal({
      code: 1,
      error: `error: You cannot write to ${folder}: choose another folder.\n`,
    });
  });

  it("creates no folder below a file", async () => {
    const file = path.join(temporaryFolder(), "file");
    fs.writeFileSync(file, "");
    const { code, error } = await init(path.join(file, "project"));
    expect({ code, error }).to.deep.equal({ code: 1, error: `error: ${file} is a file: name a folder.\n` });
  });
});
