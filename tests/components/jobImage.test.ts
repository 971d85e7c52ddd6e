import { execFileSync } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { expect } from "chai";
import { JobImage } from "../../components/jobImage";
import { rules } from "../../policies/policies";
import { temporaryFolder } from "../helpers/graph";
import { inputsOf, mistakes, resolved, resources, startMocks } from "../helpers/mocks";
import { violations } from "../helpers/policies";

const imageType = "awsx:ecr:Image";

describe("JobImage", () => {
  const before = process.cwd();
  let folder: string;

  beforeEach(async () => {
    await startMocks();
    folder = temporaryFolder();
    process.chdir(folder);
    fs.writeFileSync("job.ts", `const who: string = process.env.WHO ?? "nobody";\nconsole.log("hello " + who);\n`);
  });
  afterEach(() => process.chdir(before));

  it("bundles a program that runs, beside a Dockerfile that starts it without root", async () => {
    const image = new JobImage("job", { entry: "job.ts" });
    await resolved(image.urn);
    const { context } = await inputsOf(imageType);
    const said = execFileSync(process.execPath, ["index.js"], { cwd: context, env: { WHO: "world" } }).toString();
    expect(said).to.equal("hello world\n");
    const dockerfile = fs.readFileSync(path.join(context, "Dockerfile"), "utf8");
    expect(dockerfile).to.match(/^FROM public\.ecr\.aws\/docker\/library\/node:24-slim$/m);
    expect(dockerfile).to.match(/^USER node$/m);
    expect(dockerfile).to.match(/^ENTRYPOINT \["node", .*"index\.js"\]$/m);
  });

  it("builds for arm64, with a tag that changes with the code and not otherwise", async () => {
    const tags: string[] = [];
    for (const code of ["console.log(1);", "console.log(1);", "console.log(2);"]) {
      await startMocks();
      fs.writeFileSync("job.ts", code);
      const image = new JobImage("job", { entry: "job.ts" });
      await resolved(image.urn);
      const { platform, imageTag } = await inputsOf(imageType);
      expect(platform).to.equal("linux/arm64");
      tags.push(imageTag);
    }
    expect(tags[0]).to.equal(tags[1]).and.not.equal(tags[2]);
  });

  it("builds a folder as it is, and gives it another tag when a file in it changes", async () => {
    fs.mkdirSync("image/app", { recursive: true });
    fs.writeFileSync("image/Dockerfile", "FROM scratch\n");
    const tags: string[] = [];
    for (const content of ["a", "b"]) {
      await startMocks();
      fs.writeFileSync("image/app/file", content);
      const image = new JobImage("job", { context: "image" });
      await resolved(image.urn);
      const { context, imageTag } = await inputsOf(imageType);
      expect(context).to.equal(path.join(folder, "image"));
      tags.push(imageTag);
    }
    expect(tags[0]).not.to.equal(tags[1]);
  });

  it("keeps the newest images in an encrypted repository whose tags never move", async () => {
    new JobImage("job", { entry: "job.ts", keepImages: 3, kmsKeyArn: "key", forceDelete: true, tags: { team: "a" } });
    const all = await resources();
    const repository = all.find(({ type }) => type === "aws:ecr/repository:Repository");
    expect(repository?.inputs).to.deep.include({
      imageTagMutability: "IMMUTABLE",
      imageScanningConfiguration: { scanOnPush: true },
      encryptionConfigurations: [{ encryptionType: "KMS", kmsKey: "key" }],
      forceDelete: true,
      tags: { team: "a" },
    });
    const lifecycle = all.find(({ type }) => type === "aws:ecr/lifecyclePolicy:LifecyclePolicy");
    const [rule] = JSON.parse(lifecycle?.inputs.policy).rules;
    expect(rule.selection).to.include({ countType: "imageCountMoreThan", countNumber: 3 });
  });

  it("names every mistake at once", () => {
    expect(mistakes(() => new JobImage("job", {})).map(([at]) => at)).to.deep.equal(["entry"]);
    const both = { entry: "none.ts", context: ".", baseImage: "node", keepImages: 0 };
    expect(mistakes(() => new JobImage("Job", both)).map(([at]) => at)).to.deep.equal([
      "name",
      "context",
      "entry",
      "context",
      "baseImage",
      "keepImages",
    ]);
  });

  it("breaks no policy", async () => {
    new JobImage("job", { entry: "job.ts" });
    const found = await Promise.all(
      (await resources()).map(({ type, name, inputs }) => violations(rules, { type, name, props: inputs })),
    );
    expect(found.flat()).to.deep.equal([]);
  });
});
