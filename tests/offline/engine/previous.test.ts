import * as fs from "node:fs";
import * as path from "node:path";
import { expect } from "chai";
import { type Archive, type Asset, type Graph, plan, type Resource, reveal, runProgram } from "../../../offline";
import { get, run } from "../../helpers/offline/program";
import { repository } from "../../helpers/offline/start";

describe("runProgram with an earlier run", () => {
  const runAs = (name: string, aliases: string[], previous?: Graph) =>
    run("renamed", { config: { name, aliases: JSON.stringify(aliases) }, ...(previous && { previous }) });
  const made = (graph: Graph) => graph.resources.map(({ id, outputs }) => ({ id, outputs: reveal(outputs) }));
  let first: Graph;

  before(async () => {
    first = await runAs("shop", []);
  });

  it("keeps what was made up for a resource that an alias says was renamed, and for what is in it", async () => {
    const second = await runAs("store", ["shop"], first);
    expect(get(second, "store-items").outputs.name).to.match(/^shop-items-[0-9a-f]{7}$/);
    expect(made(second)).to.deep.equal(made(first));
    expect(new Set(plan(first, second).changes.map(({ kind }) => kind))).to.deep.equal(new Set(["same"]));
  });

  it("keeps it over several renames, and once the alias is gone", async () => {
    const second = await runAs("store", ["shop"], first);
    const third = await runAs("market", ["store"], second);
    expect(made(await runAs("market", [], third))).to.deep.equal(made(first));
  });

  it("makes up other values for a resource without an alias", async () => {
    const second = await runAs("store", [], first);
    expect(get(second, "store-items").outputs.name).to.match(/^store-items-/);
  });
});

describe("runProgram with contents", () => {
  const program = `
    import * as aws from "@pulumi/aws";
    import * as pulumi from "@pulumi/pulumi";
    const { FileArchive, FileAsset, StringAsset, AssetArchive, RemoteAsset } = pulumi.asset;
    const assets = {
      file: new FileAsset("code/a.js"), folder: new FileArchive("code"), text: new StringAsset("a"),
      remote: new RemoteAsset("https://example.com/a"), missing: new FileAsset("code/missing.js"),
      several: new AssetArchive({ "a.js": new FileAsset("code/a.js"), "b.js": new StringAsset("b") }),
    };
    for (const [name, source] of Object.entries(assets)) new aws.s3.BucketObjectv2(name, { bucket: "b", source: source as pulumi.asset.Asset });
  `;
  // Inside the repository, where the packages are found.
  const directory = path.join(repository, ".cache", `contents-${process.pid}`);
  const write = (file: string, text: string) => fs.writeFileSync(path.join(directory, file), text);
  const digests = ({ resources }: Graph) =>
    Object.fromEntries(
      resources.flatMap(({ name, inputs }: Resource) => {
        const source = inputs.source as Asset | Archive | undefined;
        return source ? [[name, source.digest]] : [];
      }),
    );

  before(() => {
    fs.mkdirSync(path.join(directory, "code"), { recursive: true });
    write("Pulumi.yaml", "name: contents\nruntime: nodejs\nmain: index.ts\n");
    write("index.ts", program);
    write("code/a.js", "a");
  });
  after(() => fs.rmSync(directory, { recursive: true }));

  it("records what files, folders and texts hold, so that an edit shows", async () => {
    const before = digests(await runProgram({ directory, contents: true }));
    expect(before.text).to.equal(before.file);
    expect(before.missing).to.equal(undefined);
    write("code/a.js", "b");
    const after = digests(await runProgram({ directory, contents: true }));
    const changed = Object.keys(after).filter((name) => after[name] !== before[name]);
    expect(changed).to.have.members(["file", "folder", "several"]);
  });

  it("records nothing unless it is asked to", async () => {
    expect(new Set(Object.values(digests(await runProgram({ directory }))))).to.deep.equal(new Set([undefined]));
  });
});
