import * as fs from "node:fs";
import * as path from "node:path";
import { expect } from "chai";
import { strToU8, zipSync } from "fflate";
import { listArchive } from "../../../../offline/cloud/core/archive";
import * as code from "../../../../offline/cloud/lambda/code";
import { Archive, Asset } from "../../../../offline/engine/values";
import { temporaryFolder } from "../../../helpers/temporaryFolder";

describe("The code of a function", () => {
  let directory: string;
  beforeEach(() => {
    directory = temporaryFolder();
    fs.mkdirSync(path.join(directory, "dist/lib"), { recursive: true });
    fs.writeFileSync(path.join(directory, "dist/index.js"), "one");
    fs.writeFileSync(path.join(directory, "dist/lib/more.js"), "more");
  });

  const findCode = async (archive: Archive, from: string) => code.findCode(await listArchive(archive, from), from);
  const asset = (file: string) => new Asset({ path: file });
  const read = (root: string, name: string) => fs.readFileSync(path.join(root, name), "utf8");

  it("is used in place when its files already lie as the archive arranges them", async () => {
    const folder = path.join(directory, "dist");
    expect((await findCode(new Archive({ path: "./dist" }), directory)).root).to.equal(folder);
    const assets = { "index.js": asset("dist/index.js"), "lib/more.js": asset("dist/lib/more.js") };
    expect((await findCode(new Archive({ assets }), directory)).root).to.equal(folder);
  });

  it("is written to a folder of its own when it is text, renamed, nested or zipped", async () => {
    fs.writeFileSync(path.join(directory, "code.zip"), zipSync({ "z.js": strToU8("zipped") }));
    const assets = {
      "text.js": new Asset({ text: "text" }),
      "renamed.js": asset("dist/index.js"),
      nested: new Archive({ path: "dist/lib" }),
      "from/zip": new Archive({ path: "code.zip" }),
    };
    const { root } = await findCode(new Archive({ assets }), directory);
    expect(root.startsWith(path.join(directory, ".cache/code"))).to.equal(true);
    const contents = ["text.js", "renamed.js", "nested/more.js", "from/zip/z.js"].map((name) => read(root, name));
    expect(contents).to.deep.equal(["text", "one", "more", "zipped"]);
  });

  it("is written once for all functions that share it, also at the same time", async () => {
    const archive = new Archive({
      assets: { "index.js": new Asset({ text: "text" }), "more.js": asset("dist/index.js") },
    });
    const codes = await Promise.all(Array.from({ length: 8 }, () => findCode(archive, directory)));
    expect(new Set(codes.map(({ root }) => root)).size).to.equal(1);
    expect(fs.readdirSync(path.join(directory, ".cache/code"))).to.have.lengthOf(1);
  });

  it("is not taken for an ES module because of a package.json above it", async () => {
    fs.writeFileSync(path.join(directory, "package.json"), '{ "type": "module" }');
    const { root } = await findCode(new Archive({ path: "dist" }), directory);
    expect(read(root, "package.json")).to.equal("{}");
  });

  it("has a version that changes with its contents, and only then", async () => {
    const version = async () => (await findCode(new Archive({ path: "dist" }), directory)).version;
    const first = await version();
    fs.utimesSync(path.join(directory, "dist/index.js"), 1, 1);
    expect(await version()).to.equal(first);
    fs.writeFileSync(path.join(directory, "dist/index.js"), "two");
    expect(await version()).not.to.equal(first);
  });

  const unreadable: Record<string, [Archive, RegExp]> = {
    "a remote archive": [new Archive({ uri: "https://a.example/code.zip" }), /https:\/\/a\.example.*not downloaded/],
    "a missing folder": [new Archive({ path: "nowhere" }), /nowhere does not exist/],
    "a missing file": [new Archive({ assets: { "index.js": asset("nowhere.js") } }), /nowhere\.js.* does not exist/],
    "an archive that Lambda does not take": [new Archive({ path: "dist/index.js" }), /neither a folder nor a \.zip/],
    "a file name that leads out of it": [
      new Archive({ assets: { "../out.js": new Asset({ text: "" }) } }),
      /\.\.\/out\.js, which leads out of it/,
    ],
  };
  for (const [what, [archive, message]] of Object.entries(unreadable)) {
    it(`cannot be ${what}; the error names it, and nothing is left behind`, async () => {
      const error = await findCode(archive, directory).catch((reason) => reason);
      expect(error.message).to.match(message);
      const cache = path.join(directory, ".cache/code");
      expect(fs.existsSync(cache) ? fs.readdirSync(cache) : []).to.deep.equal([]);
    });
  }
});
