import * as fs from "node:fs";
import { expect } from "chai";
import { DockerIgnore } from "../../../../components/batch/image/dockerIgnore";
import { JobImage } from "../../../../components/batch/image/jobImage";
import { inputsOf, resolved, startMocks } from "../../../helpers/components/mocks";
import { temporaryFolder } from "../../../helpers/temporaryFolder";

describe("JobImage of a folder", () => {
  const before = process.cwd();

  beforeEach(() => {
    process.chdir(temporaryFolder());
    fs.mkdirSync("image/app", { recursive: true });
    fs.writeFileSync("image/Dockerfile", "FROM scratch AS base\nFROM base AS last\n");
    fs.writeFileSync("image/app/file", "a", { mode: 0o644 });
    fs.writeFileSync("image/app/other", "a");
    fs.symlinkSync("file", "image/app/link");
  });
  afterEach(() => process.chdir(before));

  async function tag(args: object = {}): Promise<string> {
    await startMocks();
    await resolved(new JobImage("job", { context: "image", ...args }).urn);
    return (await inputsOf("awsx:ecr:Image")).imageTag;
  }

  const changes: [string, () => void][] = [
    ["a file's content", () => fs.writeFileSync("image/app/file", "b")],
    ["a file's name", () => fs.renameSync("image/app/other", "image/app/past")],
    ["a file's permissions", () => fs.chmodSync("image/app/file", 0o755)],
    [
      "a symbolic link's target",
      () => {
        fs.rmSync("image/app/link");
        fs.symlinkSync("other", "image/app/link");
      },
    ],
    [
      "a symbolic link that becomes a file with the same content",
      () => {
        fs.rmSync("image/app/link");
        fs.writeFileSync("image/app/link", "file");
      },
    ],
    ["the Dockerfile", () => fs.appendFileSync("image/Dockerfile", "USER 1000\n")],
  ];
  for (const [what, change] of changes) {
    it(`has another tag after a change to ${what}`, async () => {
      const old = await tag();
      expect(await tag()).to.equal(old);
      change();
      expect(await tag()).not.to.equal(old);
    });
  }

  it("has a different tag for each way to build it", async () => {
    fs.writeFileSync("image.Dockerfile", "FROM scratch AS base\nFROM base AS last\n");
    const ways = [
      {},
      { target: "base" },
      { target: "last" },
      { buildArgs: { A: "1" } },
      { buildArgs: { A: "2" } },
      { dockerfile: "image.Dockerfile" },
    ];
    const tags = new Set<string>();
    for (const way of ways) tags.add(await tag(way));
    expect(tags.size).to.equal(ways.length);
  });

  it("keeps its tag when a file that Docker excludes changes", async () => {
    fs.writeFileSync("image/.dockerignore", "app/other\nDockerfile\n");
    const old = await tag();
    fs.writeFileSync("image/app/other", "b");
    expect(await tag()).to.equal(old);
    fs.appendFileSync("image/Dockerfile", "USER 1000\n");
    expect(await tag(), "the Dockerfile counts even so").not.to.equal(old);
  });

  it("prefers the Dockerfile's own ignore file to the folder's", async () => {
    fs.writeFileSync("image/.dockerignore", "app/file\n");
    fs.writeFileSync("image/Dockerfile.dockerignore", "app/other\n");
    const old = await tag();
    fs.writeFileSync("image/app/other", "b");
    expect(await tag()).to.equal(old);
    fs.writeFileSync("image/app/file", "b");
    expect(await tag()).not.to.equal(old);
  });

  it("passes on the Dockerfile, the stage and the arguments", async () => {
    fs.writeFileSync("image.Dockerfile", "FROM scratch AS base\n");
    await tag({ dockerfile: "image.Dockerfile", target: "base", buildArgs: { A: "1" } });
    expect(await inputsOf("awsx:ecr:Image")).to.deep.include({
      dockerfile: "image.Dockerfile",
      target: "base",
      args: { A: "1" },
    });
  });
});

describe("DockerIgnore", () => {
  /** From the rules and examples of Docker's documentation. */
  const cases: [string, string[], string[]][] = [
    ["/foo/bar", ["foo/bar", "foo/bar/deep"], ["bar", "a/foo/bar"]],
    ["./foo/", ["foo", "foo/bar"], ["foobar"]],
    ["*/temp*", ["a/temporary.txt", "a/temp", "a/temp/b"], ["temp", "a/b/temp"]],
    ["*/*/temp*", ["a/b/temporary.txt"], ["a/temporary.txt", "a/b/c/temp"]],
    ["temp?", ["tempa", "tempb/c"], ["temp", "tempab", "temp/a"]],
    ["**/*.go", ["a.go", "a/b/c.go"], ["a.goo"]],
    ["a/**/z", ["a/z", "a/b/z", "a/b/c/z"], ["az", "a/bz"]],
    ["a/**", ["a/b", "a/b/c"], ["a"]],
    ["**", ["a", "a/b"], []],
    ["[a-c]x.[^t]", ["ax.s", "cx.u"], ["dx.s", "ax.t"]],
    ["a\\*b", ["a*b"], ["axb"]],
    ["a.b(c)$", ["a.b(c)$"], ["axb(c)$"]],
    ["# foo\n\n  foo  \n.", ["foo"], ["# foo", "bar"]],
    ["*.md\n!README*.md\nREADME-secret.md", ["a.md", "README-secret.md"], ["README.md", "docs/a.md"]],
    ["*.md\nREADME-secret.md\n!README*.md", ["a.md"], ["README-secret.md"]],
    ["*\n!src/keep", ["a", "src/other"], ["src/keep", "src/keep/a"]],
  ];
  for (const [text, out, kept] of cases) {
    it(`understands ${JSON.stringify(text)}`, () => {
      const ignore = new DockerIgnore(text);
      expect(out.filter((file) => !ignore.excludes(file))).to.deep.equal([]);
      expect(kept.filter((file) => ignore.excludes(file))).to.deep.equal([]);
    });
  }

  it("searches an excluded folder only if something in it may be kept", () => {
    expect(new DockerIgnore("node_modules").excludesAllOf("node_modules")).to.equal(true);
    expect(new DockerIgnore("node_modules").excludesAllOf("src")).to.equal(false);
    expect(new DockerIgnore("node_modules\n!node_modules/a").excludesAllOf("node_modules")).to.equal(false);
  });
});
