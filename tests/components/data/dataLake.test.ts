import * as fs from "node:fs";
import * as path from "node:path";
import { expect } from "chai";
import type { DataLakeArgs } from "../../../components/data/args";
import { DataLake } from "../../../components/data/dataLake";
import { rules } from "../../../policies/policies";
import { inputsOf, mistakes, type Registered, resolved, resources, startMocks } from "../../helpers/components/mocks";
import { violations } from "../../helpers/policies/policies";
import { temporaryFolder } from "../../helpers/temporaryFolder";

const objectType = "aws:s3/bucketObjectv2:BucketObjectv2";
const kmsKeyArn = "arn:aws:kms:eu-west-1:123456789012:key/1";

describe("DataLake", () => {
  const before = process.cwd();
  let folder: string;

  beforeEach(async () => {
    await startMocks();
    folder = temporaryFolder();
    process.chdir(folder);
    fs.mkdirSync("jobs/lib", { recursive: true });
    fs.writeFileSync("jobs/daily.py", "print(1)\n");
    fs.writeFileSync("jobs/lib/events.py", "pass\n");
  });
  afterEach(() => process.chdir(before));

  /** The inputs of a kind of resource, by the buckets' names. */
  async function ofEach(kind: string, args: DataLakeArgs = {}): Promise<Record<string, Registered["inputs"]>> {
    new DataLake("lake", args);
    const type = `aws:s3/bucket${kind}:Bucket${kind}`;
    const found = (await resources()).filter((one) => one.type === type);
    return Object.fromEntries(found.map(({ name, inputs }) => [name.replace("lake-", ""), inputs]));
  }

  const uris = async (code = "jobs") => resolved(new DataLake("lake", { code }).scriptUris);

  it("has buckets for raw data, results, logs and code, of which only the code's is deleted with its content", async () => {
    const { raw, results, logs, code } = new DataLake("lake", { tags: { team: "a" } });
    const names = [raw, results, logs, code].map(({ bucketName }) => resolved(bucketName));
    expect(await Promise.all(names)).to.deep.equal(
      ["raw", "results", "logs", "code"].map((kind) => `lake-${kind}-1234567`),
    );
    await startMocks();
    expect(await ofEach("", { tags: { team: "a" } })).to.deep.equal({
      logs: { tags: { team: "a" } },
      raw: { tags: { team: "a" } },
      results: { tags: { team: "a" } },
      code: { tags: { team: "a" }, forceDestroy: true },
    });
    await startMocks();
    expect((await ofEach("", { forceDestroy: true })).raw).to.deep.equal({ forceDestroy: true });
  });

  it("finds a code file, or says which there are", async () => {
    const lake = new DataLake("lake", { code: "jobs" });
    expect(await resolved(lake.scriptUri("daily.py"))).to.match(/^s3:\/\/lake-code-1234567\/code\/\w+\/daily\.py$/);
    expect(() => lake.scriptUri("weekly.py")).to.throw(/no "weekly\.py" in the lake's code; write "daily\.py" or/);
  });

  it("gives the buckets' names to other languages", async () => {
    const { rawBucketName, resultsBucketName, logsBucketName, codeBucketName } = new DataLake("lake");
    const names = [rawBucketName, resultsBucketName, logsBucketName, codeBucketName].map((name) => resolved(name));
    expect(await Promise.all(names)).to.deep.equal(
      ["raw", "results", "logs", "code"].map((kind) => `lake-${kind}-1234567`),
    );
  });

  it("logs the requests to the others, for as long as it is told to", async () => {
    const logging = await ofEach("Logging", { logDays: 10 });
    expect(Object.keys(logging)).to.have.members(["raw", "results", "code"]);
    for (const { targetBucket } of Object.values(logging)) expect(targetBucket).to.equal("lake-logs-1234567");
    const { rules: found } = await inputsOf(
      "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration",
      "lake-logs",
    );
    expect(found[1].expiration).to.deep.equal({ days: 10 });
  });

  it("encrypts all but the logs with the customer key", async () => {
    const encryption = await ofEach("ServerSideEncryptionConfiguration", { kmsKeyArn });
    const keys = Object.entries(encryption).map(
      ([
        kind,
        {
          rules: [rule],
        },
      ]) => [kind, rule.applyServerSideEncryptionByDefault.kmsMasterKeyId],
    );
    expect(Object.fromEntries(keys)).to.deep.equal({
      raw: kmsKeyArn,
      results: kmsKeyArn,
      code: kmsKeyArn,
      logs: undefined,
    });
  });

  it("lets data and results age, and notifies EventBridge of raw data", async () => {
    const lifecycle = await ofEach("LifecycleConfiguration", {
      rawLifecycle: [{ prefix: "events/", expireDays: 400 }],
      resultsLifecycle: [{ transitions: [{ days: 90, storageClass: "GLACIER_IR" }] }],
      eventBridge: true,
    });
    expect(lifecycle.raw?.rules[1]).to.deep.include({ filter: { prefix: "events/" }, expiration: { days: 400 } });
    expect(lifecycle.results?.rules[1].transitions).to.deep.equal([{ days: 90, storageClass: "GLACIER_IR" }]);
    expect(lifecycle.code?.rules).to.have.lengthOf(1);
    expect(await inputsOf("aws:s3/bucketNotification:BucketNotification")).to.include({ bucket: "lake-raw-1234567" });
  });

  it("uploads the code under a digest, and says where each file is", async () => {
    fs.writeFileSync("jobs/weekly.py", "print(7)\n");
    const found = await uris();
    expect(Object.keys(found)).to.deep.equal(["daily.py", "lib/events.py", "weekly.py"]);
    expect(found["daily.py"]).to.match(/^s3:\/\/lake-code-1234567\/code\/[0-9a-f]{16}\/daily\.py$/);
    const { key, bucket, source } = await inputsOf(objectType, "lake-lib/events.py");
    expect(`s3://${bucket}/${key}`).to.equal(found["lib/events.py"]);
    expect(await source.path).to.equal(path.join("jobs", "lib", "events.py"));
  });

  it("moves all of the code when one of its files changes, and none when only files around it do", async () => {
    const first = await uris();
    await startMocks();
    fs.mkdirSync("jobs/__pycache__");
    for (const file of ["__pycache__/daily.pyc", "lib/events.pyc", ".env"]) fs.writeFileSync(`jobs/${file}`, "x");
    expect(await uris()).to.deep.equal(first);
    await startMocks();
    fs.writeFileSync("jobs/daily.py", "print(2)\n");
    const changed = await uris();
    expect(changed["lib/events.py"]).to.be.a("string").and.not.equal(first["lib/events.py"]);
    await startMocks();
    fs.renameSync("jobs/daily.py", "jobs/day.py");
    expect((await uris())["lib/events.py"]).not.to.equal(changed["lib/events.py"]);
  });

  it("has no scripts without code", async () => {
    expect(await resolved(new DataLake("lake").scriptUris)).to.deep.equal({});
  });

  it("refuses to return the buckets of a reference", () => {
    const urn = "urn:pulumi:stack::project::graviton:index:DataLake::lake";
    expect(() => new DataLake("lake", {}, { urn }).raw).to.throw("where it is created, not on a reference");
  });

  it("refuses wrong arguments before anything is registered, and names all of them", async () => {
    fs.mkdirSync("empty/.git", { recursive: true });
    fs.writeFileSync("empty/.git/config", "x");
    const reasons = (code: string) => mistakes(() => new DataLake("lake", { code }))[0];
    expect(reasons("none")?.[1]).to.match(/"none", not a folder; write one .* such as jobs\/spark/);
    expect(reasons("jobs/daily.py")?.[1]).to.match(/not a folder/);
    expect(reasons("empty")?.[1]).to.match(/a folder without files to run/);
    const rule = [{ expireDays: 0 }];
    const wrong = { kmsKeyArn: "alias/data", code: "none", rawLifecycle: rule, resultsLifecycle: rule, logDays: 0 };
    expect(mistakes(() => new DataLake("Lake", wrong)).map(([at]) => at)).to.deep.equal([
      "name",
      "kmsKeyArn",
      "code",
      "rawLifecycle[0].expireDays",
      "resultsLifecycle[0].expireDays",
      "logDays",
    ]);
    expect(await resources()).to.deep.equal([]);
  });

  it("violates no policy", async () => {
    new DataLake("lake", { code: "jobs", kmsKeyArn, eventBridge: true });
    const all = (await resources()).filter(({ type }) => type.startsWith("aws:"));
    expect(all).to.have.lengthOf(4 * 7 + 3 + 1 + 2);
    const found = await Promise.all(
      all.map(({ type, name, inputs }) => violations(rules, { type, name, props: inputs })),
    );
    expect(found.flat()).to.deep.equal([]);
  });
});
