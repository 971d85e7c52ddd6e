import { spawn } from "node:child_process";
import * as path from "node:path";
import { Readable } from "node:stream";
import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListBucketsCommand,
  ListObjectsV2Command,
  ListPartsCommand,
  PutObjectCommand,
  S3Client,
  UploadPartCommand,
  UploadPartCopyCommand,
} from "@aws-sdk/client-s3";
import { expect } from "chai";
import type { Fault } from "../../../../offline/cloud/core/service";
import { S3Service } from "../../../../offline/cloud/s3/service";
import { pythonHas } from "../../../helpers/aws/moto";
import { DOCUMENTATION, testFact } from "../../../helpers/facts";
import { send } from "../../../helpers/offline/api";
import { closeServices, serveServices } from "../../../helpers/offline/core";
import { graphOf } from "../../../helpers/offline/graph";
import { bucket, errorOf, s3Of, textOf } from "../../../helpers/offline/s3";
import { closeServers, type Served, serveGraph } from "../../../helpers/offline/served";
import { type SignedRequest, signed } from "../../../helpers/offline/signed";
import { temporaryFolder } from "../../../helpers/temporaryFolder";

const DOCUMENTED = { service: "S3", source: DOCUMENTATION };

const directory = temporaryFolder();
const Bucket = "raw";
const Key = "big.bin";
const HASH = "x-amz-content-sha256";
const MEBIBYTE = 2 ** 20;

describe("S3's wire protocol", () => {
  let server: Served;
  let client: S3Client;
  beforeEach(async () => {
    server = await serveGraph(graphOf(directory, bucket("raw"), bucket("results")));
    client = s3Of(server);
  });
  afterEach(closeServers);

  const read = async () => textOf(await client.send(new GetObjectCommand({ Bucket, Key })));
  const call = async (request: Omit<SignedRequest, "service">) =>
    send(server.endpoint, await signed(server, { service: "s3", method: "GET", ...request }));

  it("accepts streams, with the checksum after them", async () => {
    const text = "x".repeat(200_000);
    const Body = Readable.from([Buffer.from(text.slice(0, 70_000)), Buffer.from(text.slice(70_000))]);
    const input = { Bucket, Key, Body, ContentLength: text.length, ChecksumAlgorithm: "SHA256" as const };
    await client.send(new PutObjectCommand(input));
    expect(await read()).to.equal(text);
    const { ContentEncoding } = await client.send(new HeadObjectCommand({ Bucket, Key }));
    expect(ContentEncoding).to.equal(undefined);
  });

  describe("with a body in chunks", () => {
    const put = async (body: string, headers: Record<string, string> = {}) => {
      const answer = await call({
        method: "PUT",
        path: `/raw/${Key}`,
        body,
        headers: {
          "x-amz-content-sha256": "STREAMING-UNSIGNED-PAYLOAD-TRAILER",
          "x-amz-decoded-content-length": "5",
          ...headers,
        },
      });
      return /<Code>(.*)<\/Code>/.exec(answer.body)?.[1] ?? answer.status;
    };
    const trailer = (checksum: string) => ["x-amz-checksum-crc32", checksum] as const;
    const chunks = (checksum: string) => `3\r\na\r\n\r\n2\r\nbc\r\n0\r\n${trailer(checksum).join(":")}\r\n\r\n`;
    const headers = { "x-amz-trailer": "x-amz-checksum-crc32" };

    it("stores its data", async () => {
      expect(await put(chunks("Hv3NLA=="), headers)).to.equal(200);
      expect(await read()).to.equal("a\r\nbc");
    });

    it("refuses data that does not match the checksum, or is cut off", async () => {
      expect(await put(chunks("AAAAAA=="), headers)).to.equal("BadDigest");
      expect(await put(chunks("Hv3NLA=="), { ...headers, "x-amz-decoded-content-length": "6" })).to.equal(
        "IncompleteBody",
      );
      for (const body of ["5\r\nabcde\r\n", "5\r\nab", "-5\r\nabcde\r\n0\r\n\r\n", "nonsense"]) {
        expect(await put(body)).to.equal("IncompleteBody");
      }
      expect(await errorOf(read())).to.equal("NoSuchKey");
    });
  });

  testFact(DOCUMENTED, "checks the MD5 that a caller sends", async () => {
    const put = (ContentMD5: string) => client.send(new PutObjectCommand({ Bucket, Key, Body: "text", ContentMD5 }));
    expect(await errorOf(put("AAAAAAAAAAAAAAAAAAAAAA=="))).to.equal("BadDigest");
    expect(await errorOf(put("HLJR7A1WjeapKbUgxK7Y0Q=="))).to.equal("none");
  });

  testFact(DOCUMENTED, "requires the length of a body", async () => {
    const headers = { "transfer-encoding": "chunked" };
    const answer = await call({ method: "PUT", path: `/raw/${Key}`, body: "x", headers });
    expect([answer.status, answer.body].join()).to.match(/^411.*<Code>MissingContentLength/s);
  });

  it("never leaves a bucket, whatever the path", async () => {
    await client.send(new PutObjectCommand({ Bucket: "results", Key: "secret", Body: "secret" }));
    const paths = [
      "/raw/../results/secret",
      "/raw/%2e%2e/results/secret",
      "/raw/..%2fresults%2fsecret",
      "/raw//results/secret",
    ];
    for (const path of [
      ...paths,
      "/raw/..%5cresults%5csecret",
      "/../results/secret",
      "/.properties/raw",
      "/.staging/x",
    ]) {
      const signedPath = path.replace(/%../g, (code) => code.toUpperCase()).replaceAll("%2E", ".");
      const { status } = await call({ path, signedPath });
      expect([path, status]).to.deep.equal([path, 404]);
    }
    await client.send(new PutObjectCommand({ Bucket, Key: "../results/secret", Body: "other" }));
    expect(await textOf(await client.send(new GetObjectCommand({ Bucket: "results", Key: "secret" })))).to.equal(
      "secret",
    );
    const invalid = await call({ path: "/raw/%ff" });
    expect([invalid.status, invalid.body].join()).to.match(/^400.*InvalidURI/s);
  });

  const refusals: [what: string, Omit<SignedRequest, "service">, status: number, code: string][] = [
    ["a number that is none", { path: "/raw", query: { "max-keys": "many" } }, 400, "InvalidArgument"],
    ["a negative number of keys", { path: "/raw", query: { "max-keys": "-1" } }, 400, "InvalidArgument"],
    ["an encoding that S3 does not have", { path: "/raw", query: { "encoding-type": "x" } }, 400, "InvalidArgument"],
    ["a method that S3 does not have here", { method: "POST", path: "/" }, 405, "MethodNotAllowed"],
    ["an object that does not exist", { path: "/raw/nowhere" }, 404, "NoSuchKey"],
    ["a bucket that does not exist", { path: "/nowhere" }, 404, "NoSuchBucket"],
    ["an upload that does not exist", { path: "/raw/x", query: { uploadId: "1" } }, 404, "NoSuchUpload"],
    ["malformed XML", { method: "POST", path: "/raw", query: { delete: "" }, body: "<Delete>" }, 400, "MalformedXML"],
    [
      "entities in XML",
      { method: "POST", path: "/raw", query: { delete: "" }, body: '<!DOCTYPE x [<!ENTITY a "b">]><Delete/>' },
      400,
      "MalformedXML",
    ],
    [
      "a document type in XML, even without entities",
      {
        method: "POST",
        path: "/raw",
        query: { delete: "" },
        body: "<!DOCTYPE Delete><Delete><Quiet>true</Quiet></Delete>",
      },
      400,
      "MalformedXML",
    ],
    [
      "a body that is not the signed one",
      { method: "POST", path: "/raw", query: { delete: "" }, body: "<Delete/>", headers: { [HASH]: "0".repeat(64) } },
      400,
      "XAmzContentSHA256Mismatch",
    ],
  ];
  for (const [what, request, status, code] of refusals) {
    it(`refuses ${what}`, async () => {
      const answer = await call(request);
      expect([answer.status, answer.headers["content-type"]]).to.deep.equal([status, "application/xml"]);
      expect(answer.body).to.match(new RegExp(`<Error><Code>${code}</Code><Message>.*<RequestId>[0-9a-f-]{36}<`));
    });
  }

  it("names the elements of its documents as S3 does", async () => {
    const root = async (path: string, query = {}, method = "GET") =>
      /<(\w+) xmlns="http:\/\/s3.amazonaws.com\/doc\/2006-03-01\/">/.exec(
        (await call({ path, query, method })).body,
      )?.[1];
    expect([
      await root("/"),
      await root("/raw"),
      await root("/raw", { "list-type": "2" }),
      await root("/raw", { location: "" }),
      await root("/raw/x", { uploads: "" }, "POST"),
    ]).to.deep.equal([
      "ListAllMyBucketsResult",
      "ListBucketResult",
      "ListBucketResult",
      "LocationConstraint",
      "InitiateMultipartUploadResult",
    ]);
  });

  it("can be made to fail, before and after the work", async () => {
    const buckets = new S3Service();
    await buckets.reconcile(graphOf(directory, bucket(Bucket)));
    let fault: Fault | undefined;
    const served = await serveServices([buckets], { hooks: [() => fault] });
    const s3 = new S3Client(served.client);
    const put = (key: string) => errorOf(s3.send(new PutObjectCommand({ Bucket, Key: key, Body: "x" })));
    fault = "throttle";
    const throttled = await s3.send(new ListBucketsCommand({})).catch((error) => error);
    expect([throttled.name, throttled.$metadata.httpStatusCode]).to.deep.equal(["SlowDown", 503]);
    fault = "request lost";
    expect(await put("a")).not.to.equal("none");
    fault = "answer lost";
    expect(await put("b")).not.to.equal("none");
    fault = undefined;
    const { Contents } = await s3.send(new ListObjectsV2Command({ Bucket }));
    expect(Contents?.map((one) => one.Key)).to.deep.equal(["b"]);
    await closeServices();
    await buckets.close();
  });

  it("finds the bucket in the host as well, where SDKs put it if their endpoint is localhost", async () => {
    const { port } = new URL(server.endpoint);
    const headers = { host: `raw.localhost:${port}` };
    await client.send(new PutObjectCommand({ Bucket, Key: "a/b", Body: "text" }));
    expect((await call({ path: "/a/b", headers })).body).to.equal("text");
    expect((await call({ query: { "list-type": "2" }, headers })).body).to.contain("<Key>a/b</Key>");
  });

  describe("with an upload in parts", () => {
    let UploadId: string | undefined;
    beforeEach(async () => {
      const input = { Bucket, Key, ContentType: "text/plain", Metadata: { a: "1" } };
      ({ UploadId } = await client.send(new CreateMultipartUploadCommand(input)));
    });
    const upload = (PartNumber: number, Body: Uint8Array | string) =>
      client.send(new UploadPartCommand({ Bucket, Key, UploadId, PartNumber, Body }));
    const complete = (Parts: { PartNumber: number; ETag?: string }[], input = {}) =>
      client.send(new CompleteMultipartUploadCommand({ Bucket, Key, UploadId, MultipartUpload: { Parts }, ...input }));
    const large = Buffer.alloc(5 * MEBIBYTE, "a");

    testFact(DOCUMENTED, "joins the newest part of each number", async () => {
      await upload(2, "old");
      const [first, last] = await Promise.all([upload(1, large), upload(7, "end")]);
      const second = await upload(2, large);
      const { Parts } = await client.send(new ListPartsCommand({ Bucket, Key, UploadId, MaxParts: 2 }));
      expect(Parts?.map(({ PartNumber, Size }) => [PartNumber, Size])).to.deep.equal([
        [1, large.length],
        [2, large.length],
      ]);
      expect(await errorOf(client.send(new HeadObjectCommand({ Bucket, Key })))).to.equal("NotFound");
      const { ETag } = await complete([
        { PartNumber: 1, ETag: first.ETag },
        { PartNumber: 2, ETag: second.ETag },
        { PartNumber: 7, ETag: last.ETag },
      ]);
      expect(ETag).to.match(/^"[0-9a-f]{32}-3"$/);
      const about = { ETag, ContentLength: 10 * MEBIBYTE + 3, ContentType: "text/plain", Metadata: { a: "1" } };
      expect(await client.send(new HeadObjectCommand({ Bucket, Key }))).to.deep.include(about);
      const Range = `bytes=${10 * MEBIBYTE - 1}-`;
      expect(await textOf(await client.send(new GetObjectCommand({ Bucket, Key, Range })))).to.equal("aend");
      expect(await errorOf(complete([{ PartNumber: 1, ETag: first.ETag }]))).to.equal("NoSuchUpload");
    });

    testFact(DOCUMENTED, "accepts parts from other objects", async () => {
      await client.send(new PutObjectCommand({ Bucket: "results", Key: "from", Body: "0123456789" }));
      const CopySource = "results/from";
      const input = { Bucket, Key, UploadId, PartNumber: 1, CopySource, CopySourceRange: "bytes=2-4" };
      const { CopyPartResult } = await client.send(new UploadPartCopyCommand(input));
      await complete([{ PartNumber: 1, ETag: CopyPartResult?.ETag }]);
      expect(await read()).to.equal("234");
    });

    testFact(DOCUMENTED, "refuses parts that are too small, out of order or not uploaded", async () => {
      const { ETag } = await upload(1, "small");
      const last = await upload(2, "last");
      const one = { PartNumber: 1, ETag };
      const two = { PartNumber: 2, ETag: last.ETag };
      expect(await errorOf(complete([one, two]))).to.equal("EntityTooSmall");
      expect(await errorOf(complete([two, one]))).to.equal("InvalidPartOrder");
      expect(await errorOf(complete([{ ...one, ETag: last.ETag }]))).to.equal("InvalidPart");
      expect(await errorOf(complete([{ PartNumber: 3, ETag }]))).to.equal("InvalidPart");
      expect(await errorOf(upload(10_001, "x"))).to.equal("InvalidArgument");
      expect(await errorOf(complete([one]))).to.equal("none");
    });

    testFact(DOCUMENTED, "leaves nothing of an aborted one", async () => {
      const { ETag } = await upload(1, "x");
      await client.send(new AbortMultipartUploadCommand({ Bucket, Key, UploadId }));
      expect(await errorOf(complete([{ PartNumber: 1, ETag }]))).to.equal("NoSuchUpload");
      expect((await client.send(new ListObjectsV2Command({ Bucket }))).KeyCount).to.equal(0);
    });
  });

  it("works with boto3", async function () {
    if (!pythonHas("boto3")) this.skip();
    const { endpoint, credentials } = server;
    const env = {
      ...process.env,
      AWS_ENDPOINT_URL: endpoint,
      AWS_ACCESS_KEY_ID: credentials.accessKeyId,
      AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
      AWS_DEFAULT_REGION: "eu-west-1",
    };
    const child = spawn("python3", [path.join(__dirname, "client.py")], { env, stdio: ["ignore", "pipe", "pipe"] });
    let output = "";
    for (const stream of [child.stdout, child.stderr]) {
      stream.on("data", (data) => {
        output += data;
      });
    }
    const code = await new Promise((resolve) => child.once("close", resolve));
    expect([code, output]).to.deep.equal([0, "everything is as in S3\n"]);
  });
});
