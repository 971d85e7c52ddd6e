import { spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { expect } from "chai";
import { begin } from "../../helpers/offline/cli";
import { programDirectory } from "../../helpers/offline/program";
import { GitRepository } from "../../helpers/offline/repository";
import { until } from "../../helpers/offline/served";
import { temporaryFolder } from "../../helpers/temporaryFolder";

const program = (body: string) => `
const pulumi = require("@pulumi/pulumi");
const { Table } = require("@pulumi/aws/dynamodb");
const { Queue } = require("@pulumi/aws/sqs");
const settings = new pulumi.Config();
${body}`;

const keyed = (key: string) =>
  `new Table("items", { hashKey: "${key}", attributes: [{ name: "${key}", type: "S" }] });`;

const checkouts = () => fs.readdirSync(os.tmpdir()).filter((name) => name.startsWith("pulumi-offline-diff-"));

describe("pulumi-offline diff", () => {
  let shop: GitRepository;
  const diff = (base: string, ...options: string[]) => begin("diff", base, "--cwd", shop.directory, ...options).ended;
  let first: Awaited<ReturnType<typeof diff>>;

  before(async () => {
    shop = new GitRepository({ "index.js": program(keyed("id")), "package-lock.json": "{}" });
    shop.git("tag", "first");
    shop.commit({ "index.js": program(`${keyed("sku")} new Queue("orders", { delaySeconds: 1 });`) });
    first = await diff("first");
  });

  it("says that nothing changes, and leaves nothing behind", async () => {
    const known = checkouts();
    const { code, out, error } = await diff("HEAD");
    expect({ code, error }).to.deep.equal({ code: 0, error: "" });
    expect(out).to.match(
      /^Comparing shop \(dev\) with HEAD \([0-9a-f]{10}\):\n\nSummary:\n {4}✅ nothing breaks; no resource changes\n$/,
    );
    expect(shop.worktrees).to.equal(1);
    expect(checkouts()).to.deep.equal(known);
  });

  it("exits with 2 when a table is replaced, and says because of what and how to allow it", async () => {
    const { code, out } = first;
    expect(code).to.equal(2);
    expect(out).to.contain("aws:dynamodb:Table items is replaced, because of hashKey: its items are lost.");
    expect(out).to.contain(`hashKey: "id" → "sku" (forces the replacement: the provider cannot change it in place)`);
    expect(out).to.contain("+  aws:sqs:Queue  orders");
    expect(out).to.contain("1 breaking change; 1 resource added, 1 replaced");
  });

  it("takes the option that it prints, lists the reason, and exits with 0", async () => {
    const [, printed = ""] = /--allow '(.*)REASON'/.exec(first.out) ?? [];
    const { code, out } = await diff("first", "--allow", `${printed}it is empty`);
    expect({ code, printed }).to.deep.equal({ code: 0, printed: "resource-replaced:aws:dynamodb/table:Table::items=" });
    expect(out).to.contain("reason: it is empty").and.contain("1 breaking change (1 allowed)");
  });

  it("prints JSON and Markdown", async () => {
    const [json, markdown] = await Promise.all([diff("first", "--json"), diff("first", "--markdown")]);
    const { formatVersion, breaks, resources } = JSON.parse(json.out);
    expect([json.code, markdown.code, formatVersion]).to.deep.equal([2, 2, 1]);
    expect(breaks[0]).to.include({ kind: "resource-replaced", target: "aws:dynamodb/table:Table::items" });
    expect(resources[0].properties).to.deep.include({ path: "hashKey", before: "id", after: "sku" });
    expect(markdown.out).to.match(
      /^<!-- pulumi-offline diff: shop dev -->\n\n### ❌ 1 breaking change: shop \(dev\)\n/,
    );
  });

  it("compares with the file that preview --json has written", async () => {
    const file = path.join(temporaryFolder(), "base.json");
    const { out } = await begin("preview", "--json", "--cwd", shop.directory).ended;
    fs.writeFileSync(file, out);
    const same = await diff(file);
    fs.writeFileSync(file, out.replaceAll('"sku"', '"id"'));
    const other = await diff(file);
    expect([same.code, other.code]).to.deep.equal([0, 2]);
    expect(same.out).to.contain("no resource changes");
    expect(other.out).to.contain(`hashKey: "id" → "sku"`);
  });

  it("compares files by their contents, wherever they are", async () => {
    const object = (name: string) => `new (require("@pulumi/aws/s3").BucketObjectv2)("${name}", { bucket: "b",
      source: new pulumi.asset.FileAsset(require("path").resolve("${name}.txt")), tags: { from: process.cwd() } });`;
    const texts = { "kept.txt": "one", "edited.txt": "one" };
    const files = new GitRepository({ "index.js": program(object("kept") + object("edited")), ...texts });
    files.write({ "edited.txt": "two" });
    const { out } = await begin("diff", "HEAD", "--json", "--cwd", files.directory).ended;
    const { resources } = JSON.parse(out) as { resources: { name: string; properties: { path: string }[] }[] };
    const changes = resources.map(({ name, properties }) => [name, properties.map((property) => property.path)]);
    expect(changes).to.deep.equal([["edited", ["source"]]]);
    const preview = await begin("preview", "--json", "--cwd", files.directory).ended;
    const recorded = JSON.parse(preview.out) as { resources: { inputs: { source?: { digest: string } } }[] };
    const digests = recorded.resources.flatMap(({ inputs }) => inputs.source?.digest ?? []);
    expect(digests, "what a later diff compares").to.have.lengthOf(2);
  });

  it("shows that a secret has changed, but not the secret", async () => {
    const queue = 'new Queue("q", { tags: { a: settings.requireSecret("token"), b: settings.get("plain") ?? "" } });';
    const secretive = new GitRepository({ "index.js": program(queue) });
    const cwd = ["--cwd", secretive.directory, "--config", "token=hunter2hunter2"];
    const changed = program(queue.replace('requireSecret("token")', 'requireSecret("token").apply((t) => t + "x")'));
    secretive.write({ "index.js": changed });
    const { out } = await begin("diff", "HEAD", ...cwd).ended;
    expect(out).to.contain('tags.a: "[secret]" → "[secret]"').and.not.contain("hunter2");
  });

  it("runs the program of a ref with its own workspaces, in the folder that it is run in", async () => {
    const workspace = new GitRepository({
      "package.json": JSON.stringify({ workspaces: ["parts"] }),
      "parts/package.json": JSON.stringify({ name: "parts", main: "index.js" }),
      "parts/index.js": "module.exports = 1;",
      "infra/Pulumi.yaml": "name: shop\nruntime: nodejs\nmain: index.js\n",
      "infra/index.js": program('new Queue("q", { delaySeconds: require("parts") });'),
    });
    fs.mkdirSync(path.join(workspace.directory, "infra/node_modules"));
    fs.symlinkSync("../../parts", path.join(workspace.directory, "infra/node_modules/parts"));
    workspace.write({ "parts/index.js": "module.exports = 2;", "package-lock.json": "{}" });
    const { code, out } = await begin("diff", "HEAD", "--cwd", path.join(workspace.directory, "infra")).ended;
    expect(code).to.equal(0);
    expect(out).to.contain("delaySeconds: 1 → 2");
    expect(out).to.contain(
      "note: dependencies differ from the lock file of HEAD: both are run with those installed now",
    );
  });

  it("shows what policies report that they did not report about the base, and exits with 1", async () => {
    const topic = (name: string) => `new (require("@pulumi/aws/sns").Topic)("${name}", {});`;
    const policed = new GitRepository({ "index.js": program(topic("old")) });
    policed.write({ "index.js": program(topic("old") + topic("fresh")) });
    const pack = path.join(programDirectory(""), "../packs/levels");
    const { code, out, error } = await begin("diff", "HEAD", "--cwd", policed.directory, "--policy-pack", pack).ended;
    const [, policies = ""] = /\nPolicies:\n(.*?)\n\n/s.exec(out) ?? [];
    expect({ code, error }).to.deep.equal({
      code: 1,
      error: "error: Mandatory policies are violated or could not be checked: see above.\n",
    });
    expect(policies).to.contain("[mandatory]  mandatory  (aws:sns:Topic: fresh)\n      Topics have a name.");
    expect(policies).to.not.contain("Topic: old)");
  });

  it("exits with 2 when something breaks, even if a mandatory policy is violated too", async () => {
    const broken = new GitRepository({ "index.js": program(keyed("id")) });
    broken.write({ "index.js": program('new (require("@pulumi/aws/sns").Topic)("fresh", {});') });
    const pack = path.join(programDirectory(""), "../packs/levels");
    const { code, error } = await begin("diff", "HEAD", "--cwd", broken.directory, "--policy-pack", pack).ended;
    expect({ code, error }).to.deep.equal({
      code: 2,
      error: "error: Mandatory policies are violated or could not be checked: see above.\n",
    });
  });

  it("removes the checkout when it is interrupted", async () => {
    const slow = new GitRepository({
      "index.js": program('require("fs").writeFileSync("ran", ""); setTimeout(() => {}, 60000);'),
    });
    const known = checkouts();
    const command = begin("diff", "HEAD", "--cwd", slow.directory);
    const ran = (name: string) => fs.existsSync(path.join(os.tmpdir(), name, "ran"));
    await until(() => checkouts().some((name) => !known.includes(name) && ran(name)));
    command.child.kill("SIGINT");
    expect((await command.ended).code).to.equal(130);
    expect(checkouts()).to.deep.equal(known);
    expect(slow.worktrees).to.equal(1);
  });

  it("names the ref whose program fails", async () => {
    const broken = new GitRepository({ "index.js": "throw new Error('not yet');" });
    broken.write({ "index.js": program(keyed("id")) });
    const { code, error } = await begin("diff", "HEAD", "--cwd", broken.directory).ended;
    expect(code).to.equal(1);
    expect(error).to.contain(
      "error: The program of HEAD fails. It ran in a checkout without the files that git ignores.",
    );
    expect(error).to.contain("not yet");
  });

  const mistakes: Record<string, [parameters: () => string[], message: RegExp]> = {
    "a misspelt ref": [
      () => ["firts"],
      /^error: There is no file and no commit "firts" in \S+: did you mean "first"\?\n$/,
    ],
    "an unknown ref": [() => ["a/b/c"], /no commit "a\/b\/c" in \S+\. There are: main, first/],
    "a ref that is no commit": [() => ["HEAD:index.js"], /^error: "HEAD:index\.js" is a blob in \S+\. Name a branch, /],
    "a ref that looks like an option": [() => ["--", "--all"], /no commit "--all"/],
    "a missing file": [
      () => ["no.json"],
      /^error: There is no file no\.json\. The base's program writes it: pulumi-offline/,
    ],
    "a file without a graph": [
      () => [path.join(shop.directory, "package.json")],
      /package\.json is not a graph that preview --json has written\. At the base, write one: pulumi-offline/,
    ],
    "a file that is not JSON": [
      () => [path.join(shop.directory, "Pulumi.yaml")],
      /Pulumi\.yaml is not JSON: .*write one/,
    ],
    "a graph of another version": [
      () => [graphFile({ formatVersion: 2 })],
      /has format version 2, and this release of pulumi-offline reads version 1\./,
    ],
    "a graph of another project": [
      () => [graphFile({ formatVersion: 1, project: "other" })],
      /has the project other and the stack dev; this is shop, dev\. Compare with a file of the same project/,
    ],
    "a stack without a file at the ref": [
      () => {
        shop.write({ "Pulumi.late.yaml": "" });
        return ["first", "--stack", "late"];
      },
      /^error: first has no Pulumi\.late\.yaml: the stack late is newer/,
    ],
    "an allowance without a reason": [
      () => ["first", "--allow", "route-removed:api GET /="],
      /'route-removed:api GET \/=' is invalid\. Write why after the =\.\n$/,
    ],
    "an allowance of an unknown kind": [
      () => ["first", "--allow", "route:api GET /=why"],
      /KIND is one of: route-removed, /,
    ],
  };
  for (const [what, [parameters, message]] of Object.entries(mistakes)) {
    it(`answers ${what} with one message`, async () => {
      const { code, out, error } = await begin("diff", "--cwd", shop.directory, ...parameters()).ended;
      expect({ code, out }).to.deep.equal({ code: 1, out: "" });
      expect(error)
        .to.match(message)
        .and.match(/^error: [^\n]*\n$/);
    });
  }

  it("says what to fetch in a clone, and what to commit in a repository without commits", async () => {
    const [clone, empty] = [temporaryFolder(), temporaryFolder()];
    spawnSync("git", ["clone", "--quiet", `file://${shop.directory}`, clone]);
    spawnSync("git", ["init", "--quiet", empty]);
    fs.writeFileSync(path.join(empty, "Pulumi.yaml"), "name: shop\nruntime: nodejs\n");
    const unfetched = await begin("diff", "a/b/c", "--cwd", clone).ended;
    const uncommitted = await begin("diff", "HEAD", "--cwd", empty).ended;
    expect(unfetched.error).to.match(/no commit "a\/b\/c" in \S+\. Fetch it first: git fetch --all --tags\n$/);
    expect(uncommitted.error).to.match(/, which has no commits yet: git commit the program first\.\n$/);
  });

  it("says what to fetch in a shallow clone, and what to do outside of a repository", async () => {
    const [clone, plain] = [temporaryFolder(), temporaryFolder()];
    spawnSync("git", ["clone", "--quiet", "--depth", "1", `file://${shop.directory}`, clone]);
    fs.writeFileSync(path.join(plain, "Pulumi.yaml"), "name: shop\nruntime: nodejs\n");
    const shallow = await begin("diff", "first", "--cwd", clone).ended;
    const outside = await begin("diff", "first", "--cwd", plain).ended;
    expect(shallow.error).to.match(
      /which is a shallow clone\. Fetch the commit first: git fetch --unshallow \(in GitHub/,
    );
    expect(outside.error).to.match(
      /^error: "first" is neither a file nor a git ref, as \S+ is not in a git repository\./,
    );
    expect([shallow.code, outside.code]).to.deep.equal([1, 1]);
  });

  it("says that the program is newer than the ref", async () => {
    const young = new GitRepository({});
    young.commit({ "infra/Pulumi.yaml": "name: late\nruntime: nodejs\n" });
    const { error } = await begin("diff", "HEAD~1", "--cwd", path.join(young.directory, "infra")).ended;
    expect(error).to.match(/^error: HEAD~1 has no infra\/Pulumi\.yaml: the program is newer, or has moved\./);
  });
});

function graphFile(parts: object): string {
  const file = path.join(temporaryFolder(), "graph.json");
  fs.writeFileSync(file, JSON.stringify({ project: "shop", stack: "dev", resources: [], ...parts }));
  return file;
}
