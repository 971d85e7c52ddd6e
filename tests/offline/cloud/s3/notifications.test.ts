import {
  CompleteMultipartUploadCommand,
  CopyObjectCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  PutObjectCommand,
  UploadPartCommand,
} from "@aws-sdk/client-s3";
import { expect } from "chai";
import { type Fact, recordedByLocalstack, testFact, testFacts } from "../../../helpers/facts";
import { graphOf, lambda, resource } from "../../../helpers/offline/graph";
import { bucket, s3Of } from "../../../helpers/offline/s3";
import { closeServers, type Served, serveGraph, until } from "../../../helpers/offline/served";
import { temporaryFolder } from "../../../helpers/temporaryFolder";

const RECORDED = { service: "S3", source: recordedByLocalstack("2026-03") };
const PRINT = "exports.handler = async (event) => console.log(`GOT ${JSON.stringify(event)}`)";
const Bucket = "uploads";

/** Parts of S3's record, of which a test looks at some. */
interface S3Record {
  eventName: string;
  eventVersion: string;
  eventTime: string;
  userIdentity: { principalId: string };
  responseElements: Record<string, string>;
  s3: {
    configurationId: string;
    bucket: { name: string; arn: string; ownerIdentity: object };
    object: { key: string; size?: number; eTag?: string; sequencer: string };
  };
}

describe("S3's notifications", () => {
  let server: Served;
  let client: ReturnType<typeof s3Of>;
  const serve = async (...lambdaFunctions: object[]) => {
    const functionArn = "arn:aws:lambda:eu-west-1:123456789012:function:main";
    server = await serveGraph(
      graphOf(
        temporaryFolder(),
        bucket(Bucket),
        lambda("main", PRINT),
        resource("aws:s3/bucketNotification:BucketNotification", "all", {
          bucket: Bucket,
          lambdaFunctions: lambdaFunctions.map((one) => ({ lambdaFunctionArn: functionArn, ...one })),
        }),
      ),
    );
    client = s3Of(server);
  };
  const put = (Key: string) => client.send(new PutObjectCommand({ Bucket, Key, Body: "something" }));
  const records = (): S3Record[] =>
    server.lines
      .flatMap((line) => /GOT (.*)$/.exec(line)?.[1] ?? [])
      .flatMap((text) => (JSON.parse(text) as { Records: S3Record[] }).Records);
  /** The records, in the order in which they were made. */
  const received = async (count: number) => {
    await until(() => records().length >= count);
    return records().sort((a, b) => (a.s3.object.sequencer < b.s3.object.sequencer ? -1 : 1));
  };
  afterEach(closeServers);

  testFact(RECORDED, "a notification has the whole record of the object that was put", async () => {
    await serve({ id: "mine", events: ["s3:ObjectCreated:*"] });
    await put("my key@1");
    const [record] = await received(1);
    const { eventTime, userIdentity, responseElements, s3, ...rest } = record as S3Record;
    expect(rest).to.deep.equal({
      eventVersion: "2.1",
      eventSource: "aws:s3",
      awsRegion: "eu-west-1",
      eventName: "ObjectCreated:Put",
      requestParameters: { sourceIPAddress: "127.0.0.1" },
    });
    expect(Date.parse(eventTime)).to.be.closeTo(Date.now(), 60_000);
    expect(Object.keys(responseElements)).to.have.members(["x-amz-request-id", "x-amz-id-2"]);
    expect(userIdentity.principalId).to.be.a("string");
    const { sequencer, ...object } = s3.object;
    expect(sequencer).to.match(/^[0-9A-F]{18}$/);
    expect({ ...s3, object }).to.deep.equal({
      s3SchemaVersion: "1.0",
      configurationId: "mine",
      bucket: { name: Bucket, arn: `arn:aws:s3:::${Bucket}`, ownerIdentity: s3.bucket.ownerIdentity },
      object: { key: "my+key%401", size: 9, eTag: "437b930db84b8079c2dd804a71936b5f" },
    });
  });

  testFact(RECORDED, "copies, uploads in parts and deletions have names of their own", async () => {
    await serve({ events: ["s3:ObjectCreated:*", "s3:ObjectRemoved:*"] });
    await put("a");
    await client.send(new CopyObjectCommand({ Bucket, Key: "b", CopySource: `${Bucket}/a` }));
    const { UploadId } = await client.send(new CreateMultipartUploadCommand({ Bucket, Key: "c" }));
    const part = await client.send(new UploadPartCommand({ Bucket, Key: "c", UploadId, PartNumber: 1, Body: "x" }));
    const Parts = [{ PartNumber: 1, ETag: part.ETag }];
    await client.send(new CompleteMultipartUploadCommand({ Bucket, Key: "c", UploadId, MultipartUpload: { Parts } }));
    await client.send(new DeleteObjectCommand({ Bucket, Key: "nothing" }));
    await client.send(new DeleteObjectCommand({ Bucket, Key: "a" }));
    await client.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects: [{ Key: "b" }, { Key: "c" }] } }));
    const all = await received(6);
    expect(all.map(({ eventName, s3: { object } }) => [eventName, object.key, object.size])).to.deep.equal([
      ["ObjectCreated:Put", "a", 9],
      ["ObjectCreated:Copy", "b", 9],
      ["ObjectCreated:CompleteMultipartUpload", "c", 1],
      ["ObjectRemoved:Delete", "a", undefined],
      ["ObjectRemoved:Delete", "b", undefined],
      ["ObjectRemoved:Delete", "c", undefined],
    ]);
  });

  const filters: (Fact & { filterPrefix?: string; filterSuffix: string; keys: string[] })[] = [
    { fact: "a prefix and a suffix choose keys", filterPrefix: "in/", filterSuffix: ".txt", keys: ["in/a.txt"] },
    { fact: "an empty suffix chooses all keys", filterSuffix: "", keys: ["in/a.txt", "in/b.csv", "out/a.txt"] },
  ];
  testFacts({ ...RECORDED, facts: filters }, async ({ fact: _, keys, ...filter }) => {
    await serve({ events: ["s3:ObjectCreated:Put"], ...filter }, { id: "last", events: ["s3:ObjectRemoved:Delete"] });
    for (const key of ["in/a.txt", "in/b.csv", "out/a.txt"]) await put(key);
    await client.send(new DeleteObjectCommand({ Bucket, Key: "in/b.csv" }));
    const all = await received(keys.length + 1);
    expect(all.slice(0, -1).map(({ s3 }) => s3.object.key)).to.deep.equal(keys);
    expect(all.at(-1)?.s3.configurationId).to.equal("last");
  });
});
