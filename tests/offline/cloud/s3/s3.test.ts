import * as fs from "node:fs";
import * as path from "node:path";
import {
  CopyObjectCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetBucketLocationCommand,
  GetObjectCommand,
  HeadBucketCommand,
  HeadObjectCommand,
  ListBucketsCommand,
  ListObjectsCommand,
  ListObjectsV2Command,
  PutBucketPolicyCommand,
  PutObjectCommand,
  type S3Client,
} from "@aws-sdk/client-s3";
import { expect } from "chai";
import { Buckets } from "../../../../offline/cloud/s3/buckets";
import { DOCUMENTATION, testFact } from "../../../helpers/facts";
import { graphOf } from "../../../helpers/offline/graph";
import { bucket, bucketObject, errorOf, s3Of, textOf } from "../../../helpers/offline/s3";
import { closeServers, serveGraph } from "../../../helpers/offline/served";
import { temporaryFolder } from "../../../helpers/temporaryFolder";

const DOCUMENTED = { service: "S3", source: DOCUMENTATION };

const directory = temporaryFolder();
const Bucket = "raw";
const Key = "events/date=2026-01-01/x.json";

describe("S3", () => {
  let client: S3Client;
  const put = (key: string, Body: string | Uint8Array = key) =>
    client.send(new PutObjectCommand({ Bucket, Key: key, Body }));
  const read = async (key: string) => textOf(await client.send(new GetObjectCommand({ Bucket, Key: key })));
  const list = (input: object = {}) => client.send(new ListObjectsV2Command({ Bucket, ...input }));
  const keysOf = async (input: object = {}) => ((await list(input)).Contents ?? []).map((one) => one.Key);

  beforeEach(async () => {
    client = s3Of(await serveGraph(graphOf(directory, bucket("raw"), bucket("results"))));
  });
  afterEach(closeServers);

  it("has the program's buckets and no others", async () => {
    const { Buckets: all } = await client.send(new ListBucketsCommand({}));
    expect(all?.map(({ Name }) => Name)).to.deep.equal(["raw", "results"]);
    expect((await client.send(new HeadBucketCommand({ Bucket }))).BucketRegion).to.equal("eu-west-1");
    const { LocationConstraint } = await client.send(new GetBucketLocationCommand({ Bucket }));
    expect(LocationConstraint).to.equal("eu-west-1");
    const error = await client.send(new ListObjectsV2Command({ Bucket: "nowhere" })).catch((reason) => reason);
    expect([error.name, error.message]).to.deep.equal([
      "NoSuchBucket",
      'The specified bucket does not exist: the program has no "nowhere"',
    ]);
  });

  it("keeps an object's data, type and metadata", async () => {
    const Metadata = { author: "ours" };
    const input = { Bucket, Key, Body: "{}", ContentType: "application/json", ContentEncoding: "identity", Metadata };
    const { ETag } = await client.send(new PutObjectCommand(input));
    expect(ETag).to.equal('"99914b932bd37a50b983c5e7c90ae93b"');
    const got = await client.send(new GetObjectCommand({ Bucket, Key }));
    expect(await textOf(got)).to.equal("{}");
    const { Body: _, ...about } = got;
    const expected = { ContentType: "application/json", ContentEncoding: "identity", Metadata, ETag, ContentLength: 2 };
    expect(about).to.deep.include(expected);
    expect(await client.send(new HeadObjectCommand({ Bucket, Key }))).to.deep.include(expected);
    expect(about.LastModified?.getTime()).to.be.closeTo(Date.now(), 60_000);
  });

  it("replaces and deletes objects, and reports missing ones", async () => {
    await put(Key, "one");
    await put(Key, "two");
    expect(await read(Key)).to.equal("two");
    await client.send(new DeleteObjectCommand({ Bucket, Key }));
    await client.send(new DeleteObjectCommand({ Bucket, Key }));
    expect(await errorOf(client.send(new GetObjectCommand({ Bucket, Key })))).to.equal("NoSuchKey");
    expect(await errorOf(client.send(new HeadObjectCommand({ Bucket, Key })))).to.equal("NotFound");
  });

  it("deletes many objects at once, odd keys among them", async () => {
    const odd = "a <&> \"b\" 'c' \r ü😀";
    for (const key of [odd, "b", "c"]) await put(key);
    const Objects = [{ Key: odd }, { Key: "b" }, { Key: "nowhere" }];
    const answer = await client.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects } }));
    expect(answer.Deleted?.map((one) => one.Key)).to.deep.equal([odd, "b", "nowhere"]);
    expect(await keysOf()).to.deep.equal(["c"]);
    const versions = { Objects: [{ Key: "c", VersionId: "1" }], Quiet: true };
    const { Errors } = await client.send(new DeleteObjectsCommand({ Bucket, Delete: versions }));
    expect(Errors?.map(({ Code }) => Code)).to.deep.equal(["NotEmulated"]);
  });

  testFact(DOCUMENTED, "lists the keys of a prefix in byte order", async () => {
    for (const key of ["b/2", "b/10", "b-1", "B", "b/é", "b/\uFFFD", "b/😀"]) await put(key);
    expect(await keysOf()).to.deep.equal(["B", "b-1", "b/10", "b/2", "b/é", "b/\uFFFD", "b/😀"]);
    expect(await keysOf({ Prefix: "b/1" })).to.deep.equal(["b/10"]);
    expect(await keysOf({ Prefix: "b" })).to.have.lengthOf(6);
    expect(await keysOf({ Prefix: "b/", StartAfter: "b/2", EncodingType: "url" })).to.deep.equal([
      "b/%C3%A9",
      "b/%EF%BF%BD",
      "b/%F0%9F%98%80",
    ]);
    expect(await keysOf({ Prefix: "../results" })).to.deep.equal([]);
    expect(await keysOf({ MaxKeys: 0 })).to.deep.equal([]);
  });

  testFact(DOCUMENTED, "lists folder by folder and page by page", async () => {
    for (const key of ["a/1", "a/2", "b/1", "c", "d/e/f"]) await put(key);
    const seen: unknown[] = [];
    let ContinuationToken: string | undefined;
    do {
      const page = await list({ Delimiter: "/", MaxKeys: 2, ContinuationToken });
      expect(page.KeyCount).to.equal((page.Contents?.length ?? 0) + (page.CommonPrefixes?.length ?? 0));
      seen.push([page.CommonPrefixes?.map(({ Prefix }) => Prefix), page.Contents?.map((one) => one.Key)]);
      ContinuationToken = page.NextContinuationToken;
      expect(page.IsTruncated).to.equal(ContinuationToken !== undefined);
    } while (ContinuationToken);
    expect(seen).to.deep.equal([
      [["a/", "b/"], undefined],
      [["d/"], ["c"]],
    ]);
    const { CommonPrefixes } = await list({ Delimiter: "/", Prefix: "d/" });
    expect(CommonPrefixes).to.deep.equal([{ Prefix: "d/e/" }]);
    expect(await errorOf(list({ ContinuationToken: "?" }))).to.equal("InvalidArgument");
    expect(await errorOf(list({ MaxKeys: -1 }))).to.equal("InvalidArgument");
  });

  testFact(DOCUMENTED, "lists by marker for old callers", async () => {
    for (const key of ["a/1", "b", "c"]) await put(key);
    const first = await client.send(new ListObjectsCommand({ Bucket, Delimiter: "/", MaxKeys: 1 }));
    expect([first.CommonPrefixes, first.NextMarker]).to.deep.equal([[{ Prefix: "a/" }], "a/"]);
    const rest = await client.send(new ListObjectsCommand({ Bucket, Delimiter: "/", Marker: first.NextMarker }));
    expect(rest.Contents?.map((one) => one.Key)).to.deep.equal(["b", "c"]);
  });

  testFact(DOCUMENTED, "sends the requested range", async () => {
    await put(Key, "0123456789");
    const part = async (Range: string) => {
      const got = await client.send(new GetObjectCommand({ Bucket, Key, Range }));
      return [await textOf(got), got.ContentRange];
    };
    expect(await part("bytes=2-4")).to.deep.equal(["234", "bytes 2-4/10"]);
    expect(await part("bytes=8-99")).to.deep.equal(["89", "bytes 8-9/10"]);
    expect(await part("bytes=-3")).to.deep.equal(["789", "bytes 7-9/10"]);
    expect(await part("bytes=0-1,3-4")).to.deep.equal(["0123456789", undefined]);
    expect(await errorOf(part("bytes=10-"))).to.equal("InvalidRange");
    await put("empty", new Uint8Array());
    expect(await read("empty")).to.equal("");
  });

  testFact(DOCUMENTED, "reads and writes conditionally", async () => {
    const { ETag } = await put(Key, "one");
    const get = (input: object) => {
      const answer = client.send(new GetObjectCommand({ Bucket, Key, ...input }));
      return answer.catch((error) => error).then(({ $metadata }) => $metadata.httpStatusCode);
    };
    expect(await get({ IfMatch: ETag })).to.equal(200);
    expect(await get({ IfMatch: '"other"' })).to.equal(412);
    expect(await get({ IfNoneMatch: ETag })).to.equal(304);
    expect(await get({ IfModifiedSince: new Date() })).to.equal(304);
    expect(await get({ IfUnmodifiedSince: new Date(0) })).to.equal(412);
    const write = (input: object) => errorOf(client.send(new PutObjectCommand({ Bucket, Key, Body: "two", ...input })));
    expect(await write({ IfNoneMatch: "*" })).to.equal("PreconditionFailed");
    expect(await write({ IfMatch: '"other"' })).to.equal("PreconditionFailed");
    expect(await write({ IfMatch: ETag, Key: "new" })).to.equal("NoSuchKey");
    expect(await write({ IfNoneMatch: "*", Key: "new" })).to.equal("none");
    expect(await read(Key)).to.equal("one");
    expect(await write({ IfMatch: ETag })).to.equal("none");
  });

  testFact(DOCUMENTED, "lets only one of many create an object", async () => {
    const create = () => errorOf(client.send(new PutObjectCommand({ Bucket, Key, Body: "x", IfNoneMatch: "*" })));
    const results = await Promise.all(Array.from({ length: 8 }, create));
    expect(results.filter((result) => result === "none")).to.have.lengthOf(1);
  });

  testFact(DOCUMENTED, "copies between buckets, with or without the metadata", async () => {
    const from = { Bucket, Key: "a b/ü+.txt", Body: "text", Metadata: { a: "1" }, ContentType: "text/plain" };
    await client.send(new PutObjectCommand(from));
    const CopySource = encodeURIComponent(`${from.Bucket}/${from.Key}`);
    const copy = (input: object) =>
      client.send(new CopyObjectCommand({ Bucket: "results", Key: "copy", CopySource, ...input }));
    const head = () => client.send(new HeadObjectCommand({ Bucket: "results", Key: "copy" }));
    expect((await copy({})).CopyObjectResult?.ETag).to.equal('"1cb251ec0d568de6a929b520c4aed8d1"');
    expect(await head()).to.deep.include({ ContentType: "text/plain", Metadata: { a: "1" }, ContentLength: 4 });
    await copy({ MetadataDirective: "REPLACE", Metadata: { b: "2" } });
    expect((await head()).Metadata).to.deep.equal({ b: "2" });
    expect(await errorOf(copy({ CopySource: "raw/nowhere" }))).to.equal("NoSuchKey");
    expect(await errorOf(copy({ CopySourceIfMatch: "other" }))).to.equal("PreconditionFailed");
    expect(await errorOf(copy({ CopySource: "results/copy" }))).to.equal("InvalidRequest");
  });

  it("names an operation that is not emulated, and the workaround", async () => {
    const refusal = (call: Promise<unknown>) =>
      call.then(
        () => "none",
        (error: Error) => `${error.name}: ${error.message}`,
      );
    expect(await refusal(client.send(new PutBucketPolicyCommand({ Bucket, Policy: "{}" })))).to.match(
      /^NotEmulated: s3 PutBucketPolicy is not emulated offline, only .*GetObject, .*\. .*--endpoint s3=http/,
    );
    await put(Key);
    const version = { Bucket, Key, VersionId: "1" };
    expect(await refusal(client.send(new GetObjectCommand(version)))).to.match(
      /^NotEmulated: s3 GetObject with VersionId is not emulated/,
    );
  });

  it("keeps objects across runs in a data folder, takes over later buckets, and says which it does not serve", async () => {
    const data = temporaryFolder();
    const send = async (input: object) => (await client.send(new GetObjectCommand({ Bucket, Key, ...input }))).Metadata;
    client = s3Of(await serveGraph(graphOf(directory, bucket("raw")), { data }));
    await client.send(new PutObjectCommand({ Bucket, Key, Body: "kept", Metadata: { a: "1" } }));
    await closeServers();
    expect(fs.readFileSync(path.join(data, "s3/raw", Key), "utf8")).to.equal("kept");
    const server = await serveGraph(graphOf(directory, bucket("raw"), bucketObject("none", "x", {})), { data });
    client = s3Of(server);
    expect(await send({})).to.deep.equal({ a: "1" });
    expect(server.problems).to.include.members(['The object x is not in its bucket: the program has no bucket "none"']);
    const later = graphOf(directory, bucket("raw"), bucket("none"), bucketObject("none", "x", {}));
    expect((await server.reconcile(later)).map(({ kind, name }) => `${kind} ${name}`)).to.deep.equal([
      "bucket none",
      "object none/x",
    ]);
    expect(await send({ Bucket: "none", Key: "x" })).to.deep.equal({});
  });

  it("treats files that other programs write into a bucket's folder as objects", async () => {
    const buckets = new Buckets(temporaryFolder());
    await buckets.reconcile(graphOf(directory, bucket("raw")));
    const folder = buckets.folderOf("raw") ?? "";
    expect(buckets.folderOf("nowhere")).to.equal(undefined);
    fs.mkdirSync(path.join(folder, "daily/date=2026-01-01"), { recursive: true });
    fs.writeFileSync(path.join(folder, "daily/date=2026-01-01/part-0.parquet"), "PAR1");
    const found = buckets.find("raw");
    expect(await found?.keys("daily/")).to.deep.equal(["daily/date=2026-01-01/part-0.parquet"]);
    expect(await found?.find("daily/date=2026-01-01/part-0.parquet")).to.deep.include({ size: 4, headers: {} });
    await buckets.close();
  });
});
