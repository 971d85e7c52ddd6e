import { execFileSync, spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { expect } from "chai";
import type { JobImageArgs } from "../../../../components/batch/image/args";
import { DockerIgnore } from "../../../../components/batch/image/dockerIgnore";
import { JobImage } from "../../../../components/batch/image/jobImage";
import { Architecture } from "../../../../components/lambda/args";
import { rules } from "../../../../policies/policies";
import { inputsOf, resolved, resources, startMocks } from "../../../helpers/components/mocks";
import { violations } from "../../../helpers/policies/policies";
import { temporaryFolder } from "../../../helpers/temporaryFolder";

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

  it("bundles a program that runs, with a Dockerfile that starts it without root", async () => {
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

  it("traces a job's errors to its TypeScript if asked to", async () => {
    fs.writeFileSync("job.ts", `interface Unused {}\n\nthrow new Error("no items");\n`);
    const { context } = await imageInputs({ entry: "job.ts", bundle: { sourceMap: true } });
    const [, ...options] = JSON.parse(
      /^ENTRYPOINT (.*)$/m.exec(fs.readFileSync(path.join(context, "Dockerfile"), "utf8"))?.[1] ?? "",
    );
    const { stderr } = spawnSync(process.execPath, options, { cwd: context });
    expect(stderr.toString()).to.include(`${path.join(folder, "job.ts")}:3:7`);
  });

  it("keeps what is specific to this machine out of the image: the sources' path, and the umask", async () => {
    const umask = process.umask(0o077);
    const { context } = await imageInputs({ entry: "job.ts", bundle: { sourceMap: true } });
    process.umask(umask);
    const ignored = new DockerIgnore(fs.readFileSync(path.join(context, ".dockerignore"), "utf8"));
    const copied = fs.readdirSync(context).filter((file) => !ignored.excludes(file));
    expect(copied).to.deep.equal(["index.js", "index.js.map"]);
    for (const file of copied) {
      expect(fs.readFileSync(path.join(context, file), "utf8")).not.to.include(folder);
      expect(fs.statSync(path.join(context, file)).mode & 0o777).to.equal(0o644);
    }
  });

  it("gives the context relative to the program's folder, so that the state is the same on every machine", async () => {
    expect((await imageInputs({ entry: "job.ts" })).context).to.match(/^\.cache\/images\/[\da-f]{32}$/);
    fs.mkdirSync("image");
    fs.writeFileSync("image/Dockerfile", "FROM scratch\n");
    const absolute = { context: path.join(folder, "image"), dockerfile: path.join(folder, "image/Dockerfile") };
    expect(await imageInputs(absolute)).to.deep.include({ context: "image", dockerfile: "image/Dockerfile" });
    fs.writeFileSync("Dockerfile", "FROM scratch\n");
    expect(await imageInputs({ context: "." })).to.include({ context: "." });
  });

  it("builds for arm64, with a tag that changes only with the code", async () => {
    const tags: string[] = [];
    for (const code of ["console.log(1);", "console.log(1);", "console.log(2);"]) {
      fs.writeFileSync("job.ts", code);
      const image = await imageInputs({ entry: "job.ts" });
      expect(image).to.include({ platform: "linux/arm64" });
      tags.push(image.imageTag);
    }
    expect(tags[0]).to.equal(tags[1]).and.not.equal(tags[2]);
  });

  it("is not built again after a change that leaves the code's bytes as they are, such as a comment", async () => {
    fs.writeFileSync("job.ts", "export const count: number = 1;\nconsole.log(count);\n");
    const old = await imageInputs({ entry: "job.ts" });
    fs.writeFileSync("job.ts", "// A comment.\n\nexport const count: number = 1;\nconsole.log(count); // Another.\n");
    expect(await imageInputs({ entry: "job.ts" })).to.deep.equal(old);
    const ignored = new DockerIgnore(fs.readFileSync(path.join(old.context, ".dockerignore"), "utf8"));
    expect(fs.readdirSync(old.context).filter((file) => !ignored.excludes(file))).to.deep.equal(["index.js"]);
  });

  it("begins tags with the component's name, as awsx names a resource after the tag alone", async () => {
    const [one, other] = [await imageInputs({ entry: "job.ts" }, "one"), await imageInputs({ entry: "job.ts" }, "two")];
    expect(one.context).to.equal(other.context);
    expect([one.imageTag, other.imageTag].map((tag) => tag.split("-")[0])).to.deep.equal(["one", "two"]);
  });

  it("builds for x86 when asked to, which the policies report", async () => {
    const x86 = await imageInputs({ entry: "job.ts", architecture: Architecture.X86 });
    expect(x86).to.include({ platform: "linux/amd64" });
    expect(x86.imageTag).not.to.equal((await imageInputs({ entry: "job.ts" })).imageTag);
    const found = await violations(rules, { type: imageType, name: "job", props: x86 });
    expect(found).to.have.lengthOf(1);
  });

  it("uses an existing repository, without creating one", async () => {
    const repositoryUrl = "123456789012.dkr.ecr.eu-west-1.amazonaws.com/team/jobs";
    const image = new JobImage("Job", { entry: "job.ts", repositoryUrl });
    const types = (await resources()).map(({ type }) => type);
    expect(types).to.have.members(["graviton:index:JobImage", imageType]);
    expect((await inputsOf(imageType)).repositoryUrl).to.equal(repositoryUrl);
    expect(image.repository).to.equal(undefined);
  });

  async function imageInputs(args: JobImageArgs, name = "job"): Promise<{ context: string; imageTag: string }> {
    await startMocks();
    await resolved(new JobImage(name, args).urn);
    return (await inputsOf(imageType)) as { context: string; imageTag: string };
  }

  it("keeps the newest images in an encrypted repository with immutable tags", async () => {
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

  it("violates no policy", async () => {
    new JobImage("job", { entry: "job.ts" });
    const found = await Promise.all(
      (await resources()).map(({ type, name, inputs }) => violations(rules, { type, name, props: inputs })),
    );
    expect(found.flat()).to.deep.equal([]);
  });
});
