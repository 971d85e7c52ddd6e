import * as fs from "node:fs";
import * as path from "node:path";
import {
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  UploadPartCommand,
} from "@aws-sdk/client-s3";
import { expect } from "chai";
import { KeptProperties } from "../../../../offline/cloud/s3/properties";
import { graphOf } from "../../../helpers/offline/graph";
import { bucket, errorOf, s3Of, textOf } from "../../../helpers/offline/s3";
import { closeServers, type Served, serveGraph } from "../../../helpers/offline/served";
import { mountSmallDisk, type SmallDisk } from "../../../helpers/offline/smallDisk";
import { temporaryFolder } from "../../../helpers/temporaryFolder";

const directory = temporaryFolder();
const Bucket = "bucket";
const PART_BYTES = 5 * 2 ** 20;

describe("S3, when something goes wrong with its folder", () => {
  let disk: SmallDisk | undefined;

  afterEach(async () => {
    await closeServers();
    disk?.remove();
    disk = undefined;
  });

  async function serveOnSmallDisk(
    context: Mocha.Context,
    megabytes: number,
  ): Promise<{ server: Served; disk: SmallDisk }> {
    disk = mountSmallDisk(megabytes) ?? context.skip();
    return { server: await serveGraph(graphOf(directory, bucket(Bucket)), { data: disk.folder }), disk };
  }

  it("keeps the previous object, and no part of a new one that did not fit", async function () {
    const { server, disk } = await serveOnSmallDisk(this, 4);
    const s3 = s3Of(server);
    const put = (Key: string, Body: string, ContentType: string) =>
      s3.send(new PutObjectCommand({ Bucket, Key, Body, ContentType }));
    await put("page", "old", "text/plain");
    disk.fill();
    expect(await errorOf(put("page", "new".repeat(10_000), "text/html"))).to.equal("InternalError");
    expect(await errorOf(put("page", "", "text/html"))).to.equal("InternalError");
    expect(await errorOf(put("another", "new".repeat(10_000), "text/html"))).to.equal("InternalError");
    const page = await s3.send(new GetObjectCommand({ Bucket, Key: "page" }));
    expect([await textOf(page), page.ContentType]).to.deep.equal(["old", "text/plain"]);
    const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket }));
    expect(Contents.map(({ Key }) => Key)).to.deep.equal(["page"]);
    disk.free();
    await put("page", "new", "text/html");
    expect(fs.readdirSync(path.join(disk.folder, "s3", ".staging"))).to.deep.equal([]);
    expect(fs.readdirSync(path.join(disk.folder, "s3", ".properties", Bucket))).to.have.length(1);
  });

  it("keeps the parts of an upload if there is no room to complete it", async function () {
    const { server, disk } = await serveOnSmallDisk(this, 16);
    const s3 = s3Of(server);
    const object = { Bucket, Key: "large" };
    const { UploadId } = await s3.send(new CreateMultipartUploadCommand(object));
    const { ETag } = await s3.send(
      new UploadPartCommand({ ...object, UploadId, PartNumber: 1, Body: Buffer.alloc(PART_BYTES) }),
    );
    const MultipartUpload = { Parts: [{ PartNumber: 1, ETag }] };
    const complete = () => s3.send(new CompleteMultipartUploadCommand({ ...object, UploadId, MultipartUpload }));
    disk.fill();
    expect(await errorOf(complete())).to.equal("InternalError");
    disk.free();
    await complete();
    const { ContentLength } = await s3.send(new GetObjectCommand(object));
    expect(ContentLength).to.equal(PART_BYTES);
    expect(await errorOf(complete())).to.equal("NoSuchUpload");
  });

  it("knows the present object until its file has been replaced", async () => {
    const folder = temporaryFolder();
    const properties = new KeptProperties(path.join(folder, "properties"));
    const write = (name: string) => {
      fs.writeFileSync(path.join(folder, name), name);
      return fs.statSync(path.join(folder, name), { bigint: true });
    };
    const [first, second, third] = [write("first"), write("second one"), write("third file")];
    const etagOf = async (stats: fs.BigIntStats) => (await properties.describe("key", stats)).etag;
    await properties.write("key", first, { etag: '"1"', headers: {} }, undefined);
    await properties.write("key", second, { etag: '"2"', headers: {} }, first);
    await properties.write("key", third, { etag: '"3"', headers: {} }, first);
    expect(await Promise.all([first, third].map(etagOf))).to.deep.equal(['"1"', '"3"']);
  });
});
