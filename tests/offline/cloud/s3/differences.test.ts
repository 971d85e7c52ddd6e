import {
  CreateBucketCommand,
  GetObjectCommand,
  HeadObjectCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  PutObjectTaggingCommand,
  type S3Client,
} from "@aws-sdk/client-s3";
import { expect } from "chai";
import { DOCUMENTATION, testFacts } from "../../../helpers/facts";
import { graphOf } from "../../../helpers/offline/graph";
import { bucket, errorOf, s3Of } from "../../../helpers/offline/s3";
import { closeServers, serveGraph } from "../../../helpers/offline/served";
import { temporaryFolder } from "../../../helpers/temporaryFolder";

const OBJECT = { Bucket: "raw", Key: "key" };

const rows: { fact: string; differs: string; check: (client: S3Client) => Promise<void> }[] = [
  {
    fact: "An object in a bucket with versions has a version ID",
    differs: "versions are ignored",
    check: async (client) => {
      const { VersionId } = await client.send(new PutObjectCommand({ ...OBJECT, Body: "a" }));
      expect(VersionId).to.be.a("string");
    },
  },
  {
    fact: "An object is encrypted, and its headers say so",
    differs: "no header tells of encryption",
    check: async (client) => {
      const { ServerSideEncryption } = await client.send(new HeadObjectCommand(OBJECT));
      expect(ServerSideEncryption).to.equal("AES256");
    },
  },
  {
    fact: "GetObject returns the checksum that the object was stored with, if asked to",
    differs: "responses have no checksum",
    check: async (client) => {
      await client.send(new PutObjectCommand({ ...OBJECT, Body: "a", ChecksumAlgorithm: "SHA256" }));
      const { ChecksumSHA256 } = await client.send(new GetObjectCommand({ ...OBJECT, ChecksumMode: "ENABLED" }));
      expect(ChecksumSHA256).to.be.a("string");
    },
  },
  {
    fact: "An object has the storage class that it was stored with",
    differs: "storage classes are ignored",
    check: async (client) => {
      await client.send(new PutObjectCommand({ ...OBJECT, Body: "a", StorageClass: "STANDARD_IA" }));
      expect((await client.send(new HeadObjectCommand(OBJECT))).StorageClass).to.equal("STANDARD_IA");
    },
  },
  ...Object.entries({
    CreateBucket: new CreateBucketCommand({ Bucket: "another" }),
    PutObjectTagging: new PutObjectTaggingCommand({ ...OBJECT, Tagging: { TagSet: [] } }),
    PutBucketVersioning: new PutBucketVersioningCommand({
      Bucket: "raw",
      VersioningConfiguration: { Status: "Enabled" },
    }),
  }).map(([operation, command]) => ({
    fact: `${operation} succeeds`,
    differs: "not emulated",
    check: async (client: S3Client) => {
      expect(await errorOf(client.send(command as CreateBucketCommand))).to.equal("none");
    },
  })),
];

describe("Where S3 differs,", () => {
  let client: S3Client;
  before(async () => {
    const raw = bucket("raw", { versioning: { enabled: true } });
    client = s3Of(await serveGraph(graphOf(temporaryFolder(), raw)));
    await client.send(new PutObjectCommand({ ...OBJECT, Body: "a" }));
  });
  after(closeServers);
  testFacts({ service: "S3", source: DOCUMENTATION, facts: rows }, ({ check }) => check(client));
});
