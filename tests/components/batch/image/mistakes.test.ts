import * as fs from "node:fs";
import * as path from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { expect } from "chai";
import type { JobImageArgs } from "../../../../components/batch/image/args";
import { JobImage } from "../../../../components/batch/image/jobImage";
import type { Architecture } from "../../../../components/lambda/args";
import { mistakes, resources, startMocks } from "../../../helpers/components/mocks";
import { temporaryFolder } from "../../../helpers/temporaryFolder";

describe("mistakes in a JobImage", () => {
  const before = process.cwd();
  const url = "123456789012.dkr.ecr.eu-west-1.amazonaws.com/jobs";
  const entry = "job.ts";
  const context = "image";

  beforeEach(async () => {
    await startMocks();
    process.chdir(temporaryFolder());
    fs.writeFileSync("job.ts", "");
    fs.mkdirSync("image");
    fs.writeFileSync("image/Dockerfile", "FROM a \\\n  AS build\nfrom b\nRUN x\nFROM build as last\n");
    fs.writeFileSync("image/other.Dockerfile", "FROM a\n");
  });
  afterEach(async () => {
    await resources();
    process.chdir(before);
  });

  const found = (args: JobImageArgs, name = "job") => mistakes(() => new JobImage(name, args));

  const cases: [string, JobImageArgs, [string, RegExp][]][] = [
    ["neither entry nor context", {}, [["entry", /is missing; write .* or `context`/]]],
    ["both entry and context", { entry, context }, [["context", /combined with `entry`; write one/]]],
    ["an entry that does not exist", { entry: "none.ts" }, [["entry", /there is no file .*none\.ts; write a path/]]],
    ["a folder without a Dockerfile", { context: "." }, [["context", /no file .*Dockerfile; .* `dockerfile`/]]],
    [
      "a Dockerfile that does not exist",
      { context: "none", dockerfile: "other.Dockerfile" },
      [
        ["context", /there is no folder .*none/],
        ["dockerfile", /no file .*other\.Dockerfile; write a path relative to the program's folder/],
      ],
    ],
    [
      "an unknown stage",
      { context, target: "lst" },
      [["target", /is "lst", but image\/Dockerfile .*"build", "1" or "last"/]],
    ],
    [
      "a name that no ARG can have",
      { context, buildArgs: { "a-b": "1" } },
      [["buildArgs.a-b", /write letters, digits/]],
    ],
    [
      "settings of the other kind",
      { context, bundle: {}, baseImage: "node" },
      [
        ["bundle", /is for `entry`; leave it out/],
        ["baseImage", /is for `entry`; leave it out/],
      ],
    ],
    [
      "settings of the other kind",
      { entry, dockerfile: "image/Dockerfile", target: "last", buildArgs: {} },
      [
        ["dockerfile", /is for `context`; leave it out/],
        ["target", /is for `context`/],
        ["buildArgs", /is for `context`/],
      ],
    ],
    ["another processor", { entry, architecture: "arm" as Architecture }, [["architecture", /"arm64" or "x86_64"/]]],
    ["zero images", { entry, keepImages: 0 }, [["keepImages", /is 0; write a whole number from 1 to 1000/]]],
    [
      "a repository's settings with an existing repository",
      { entry, repositoryUrl: url, keepImages: 5, kmsKeyArn: "key", forceDelete: true, tags: {} },
      ["keepImages", "kmsKeyArn", "forceDelete", "tags"].map((key) => [key, /leave it out with `repositoryUrl`/]),
    ],
    ...[`https://${url}`, `${url}:tag`, "public.ecr.aws/team/jobs", "jobs"].map(
      (repositoryUrl): [string, JobImageArgs, [string, RegExp][]] => [
        `the repository ${repositoryUrl}`,
        { entry, repositoryUrl },
        [["repositoryUrl", /write a private ECR repository without scheme and tag, such as/]],
      ],
    ),
  ];
  for (const [what, args, expected] of cases) {
    it(`${what}: ${expected.map(([at]) => at).join(", ")}`, () => {
      const actual = found(args);
      expect(actual.map(([at]) => at)).to.deep.equal(expected.map(([at]) => at));
      for (const [index, [, reason]] of expected.entries()) expect(actual[index]?.[1]).to.match(reason);
    });
  }

  it("a name that no repository or tag can have", () => {
    expect(found({ entry }, "Job")).to.have.lengthOf(1);
    for (const name of ["a--b", "a__b", "a---b.c"]) expect(found({ entry }, name), name).to.deep.equal([]);
    for (const name of ["a..b", "a___b", "a-_b"]) expect(found({ entry }, name), name).to.have.lengthOf(1);
    expect(found({ entry, repositoryUrl: `${url}--a__b` })).to.deep.equal([]);
    expect(found({ entry, repositoryUrl: url }, "Job")).to.deep.equal([]);
    expect(found({ entry, repositoryUrl: url }, "my job")).to.have.lengthOf(1);
    expect(found({ entry }, "a".repeat(95))).to.deep.equal([]);
    expect(found({ entry }, "a".repeat(96))[0]?.[1]).to.match(/has 96 characters; write at most 95/);
  });

  it("do not include stages by name in any case or by number, a Dockerfile elsewhere, or values known later", () => {
    for (const target of ["build", "LAST", "1"]) expect(found({ context, target })).to.deep.equal([]);
    expect(found({ context: ".", dockerfile: path.join("image", "other.Dockerfile") })).to.deep.equal([]);
    expect(found({ entry, repositoryUrl: pulumi.output("later") })).to.deep.equal([]);
    expect(
      found({ entry, repositoryUrl: url.replace("eu-west-1.amazonaws.com", "cn-north-1.amazonaws.com.cn") }),
    ).to.deep.equal([]);
  });

  it("are all reported at once", () => {
    const args = { entry: "none.ts", context: "none", baseImage: "node", keepImages: 0, repositoryUrl: "jobs" };
    expect(found(args, "a b").map(([at]) => at)).to.deep.equal([
      "name",
      "entry",
      "context",
      "context",
      "baseImage",
      "keepImages",
      "repositoryUrl",
    ]);
  });
});
