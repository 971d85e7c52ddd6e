import * as fs from "node:fs";
import * as path from "node:path";
import { expect } from "chai";
import { unzipSync } from "fflate";
import { Buckets } from "../../../../offline/cloud/s3/buckets";
import type { Resource } from "../../../../offline/engine/graph";
import { Archive, Asset, Secret } from "../../../../offline/engine/values";
import { graphOf } from "../../../helpers/offline/graph";
import { bucket, bucketObject } from "../../../helpers/offline/s3";
import { temporaryFolder } from "../../../helpers/temporaryFolder";

describe("The program's own S3 objects", () => {
  let directory: string;
  let buckets: Buckets;
  beforeEach(() => {
    directory = temporaryFolder();
    buckets = new Buckets();
  });
  afterEach(() => buckets.close());

  const reconcile = (...resources: Resource[]) => buckets.reconcile(graphOf(directory, bucket("code"), ...resources));
  const object = (key: string, inputs: Parameters<typeof bucketObject>[2]) => bucketObject("code", key, inputs);
  const fileOf = (key: string) => path.join(buckets.folderOf("code") ?? "", key);
  const read = (key: string) => fs.readFileSync(fileOf(key), "utf8");

  it("are written from text, secrets, Base64, files, assets and archives", async () => {
    fs.mkdirSync(path.join(directory, "jobs"));
    fs.writeFileSync(path.join(directory, "jobs/job.py"), "print()");
    await reconcile(
      object("text", { content: "text" }),
      object("secret", { content: new Secret("hidden") }),
      object("base64", { contentBase64: "AAE=" }),
      object("file", { source: new Asset({ path: "jobs/job.py" }) }),
      object("asset", { source: new Asset({ text: "asset" }) }),
      object("empty", {}),
      object("jobs.zip", { source: new Archive({ path: "./jobs" }) }),
    );
    expect(["text", "secret", "base64", "file", "asset", "empty"].map(read)).to.deep.equal([
      "text",
      "hidden",
      "\0\u0001",
      "print()",
      "asset",
      "",
    ]);
    const files = unzipSync(fs.readFileSync(fileOf("jobs.zip")));
    expect(Object.keys(files)).to.deep.equal(["job.py"]);
    expect(buckets.problems).to.deep.equal([]);
  });

  it("have the type and metadata from the program, and without a key its name", async () => {
    const inputs = { content: "{}", key: "", contentType: "application/json", metadata: { Owner: "us" } };
    await reconcile(object("named.json", inputs));
    expect(await buckets.find("code")?.find("named.json")).to.deep.include({
      etag: '"99914b932bd37a50b983c5e7c90ae93b"',
      headers: { "content-type": "application/json", "x-amz-meta-owner": "us" },
    });
  });

  it("are written again when the program changes them, and only then", async () => {
    expect(await reconcile(object("a", { content: "one" }), object("b", { content: "one" }))).to.deep.equal([
      { action: "added", kind: "bucket", name: "code" },
      { action: "added", kind: "object", name: "code/a" },
      { action: "added", kind: "object", name: "code/b" },
    ]);
    fs.writeFileSync(fileOf("b"), "changed by a function");
    const changes = await reconcile(object("a", { content: "two" }), object("b", { content: "one" }));
    expect(changes).to.deep.equal([{ action: "updated", kind: "object", name: "code/a" }]);
    expect([read("a"), read("b")]).to.deep.equal(["two", "changed by a function"]);
  });

  it("are deleted when the program drops them; everything else stays", async () => {
    await reconcile(object("a/b", { content: "one" }));
    fs.writeFileSync(fileOf("other"), "other");
    expect(await reconcile()).to.deep.equal([{ action: "removed", kind: "object", name: "code/a/b" }]);
    expect(fs.readdirSync(buckets.folderOf("code") ?? "")).to.deep.equal(["other"]);
  });

  it("stay when the program drops them, if retainOnDelete was set", async () => {
    const kept = object("a", { content: "one" });
    await reconcile({ ...kept, options: { retainOnDelete: true } });
    expect(await reconcile()).to.deep.equal([]);
    expect(read("a")).to.equal("one");
  });

  it("that cannot be read are named with the reason, and stay as they were", async () => {
    fs.writeFileSync(path.join(directory, "job.py"), "print()");
    const job = object("job.py", { source: new Asset({ path: "job.py" }) });
    await reconcile(job);
    fs.rmSync(path.join(directory, "job.py"));
    const remote = object("remote", { source: new Asset({ uri: "https://a.example/x" }) });
    expect(await reconcile(job, remote, bucketObject("other", "x", { content: "" }))).to.deep.equal([]);
    expect(buckets.problems).to.deep.equal([
      `The object job.py is not in its bucket: the file ${directory}/job.py does not exist`,
      "The object remote is not in its bucket: the remote file https://a.example/x is not downloaded",
      'The object x is not in its bucket: the program has no bucket "other"',
    ]);
    expect(read("job.py")).to.equal("print()");
  });

  it("are not in buckets whose name cannot be a folder's", async () => {
    await buckets.reconcile(graphOf(directory, bucket("../up"), bucketObject("../up", "x", { content: "" })));
    expect(buckets.list()).to.deep.equal([]);
    expect(buckets.problems[0]).to.equal('The bucket ../up is not served: "../up" is not a valid bucket name');
  });
});

describe("The folders of S3 buckets", () => {
  it("are removed at the end, and left alone while the program has no bucket", async () => {
    const buckets = new Buckets();
    await buckets.reconcile(graphOf(temporaryFolder()));
    await buckets.reconcile(graphOf(temporaryFolder(), bucket("raw")));
    const folder = buckets.folderOf("raw") ?? "";
    expect(fs.existsSync(folder)).to.equal(true);
    await buckets.close();
    expect(fs.existsSync(path.dirname(folder))).to.equal(false);
  });

  it("stay in the data folder, with the properties of their objects, even when the program drops the bucket", async () => {
    const data = path.join(temporaryFolder(), "s3");
    const written = bucketObject("raw", "a", { content: "kept", contentType: "text/plain" });
    const first = new Buckets(data);
    await first.reconcile(graphOf(data, bucket("raw"), written));
    expect(first.folderOf("raw")).to.equal(path.join(data, "raw"));
    await first.close();
    const second = new Buckets(data);
    await second.reconcile(graphOf(data, bucket("other")));
    expect(second.folderOf("raw")).to.equal(undefined);
    await second.reconcile(graphOf(data, bucket("raw")));
    expect(await second.find("raw")?.find("a")).to.deep.include({ size: 4, headers: { "content-type": "text/plain" } });
    await second.close();
  });
});
