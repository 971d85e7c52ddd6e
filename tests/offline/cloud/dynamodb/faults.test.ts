import { randomBytes } from "node:crypto";
import * as fs from "node:fs";
import * as path from "node:path";
import { type DynamoDBDocumentClient, PutCommand } from "@aws-sdk/lib-dynamodb";
import { expect } from "chai";
import { dynamoOf, scanAll } from "../../../helpers/offline/dynamodb";
import { graphOf, table } from "../../../helpers/offline/graph";
import { closeServers, type Served, serveGraph } from "../../../helpers/offline/served";
import { mountSmallDisk, type SmallDisk } from "../../../helpers/offline/smallDisk";
import { temporaryFolder } from "../../../helpers/temporaryFolder";

const directory = temporaryFolder();
const TableName = "items";
const indexed = table(TableName, {
  attributes: [
    { name: "id", type: "S" },
    { name: "name", type: "S" },
  ],
  globalSecondaryIndexes: [{ name: "byName", hashKey: "name", projectionType: "ALL" }],
});

interface Failure extends Error {
  $metadata: { httpStatusCode: number };
}

/** Writes items, and notes those that are acknowledged. */
class Writer {
  readonly acknowledged: Record<string, unknown>[] = [];
  private written = 0;
  private readonly client: DynamoDBDocumentClient;

  constructor(server: Served) {
    this.client = dynamoOf(server);
  }

  /** Undefined when the item was acknowledged. */
  async put(kilobytes = 1): Promise<Failure | undefined> {
    const id = String(this.written++).padStart(6, "0");
    // LevelDB cannot compress it.
    const padding = randomBytes(kilobytes * 500).toString("hex");
    const Item = { id, name: `name ${id}`, padding };
    try {
      await this.client.send(new PutCommand({ TableName, Item }));
      this.acknowledged.push(Item);
      return undefined;
    } catch (error) {
      return error as Failure;
    }
  }

  async putUntilRefused(kilobytes?: number): Promise<Failure> {
    for (;;) {
      const failure = await this.put(kilobytes);
      if (failure) return failure;
    }
  }
}

describe("DynamoDB's tables, when their folder cannot be written", () => {
  const disks: SmallDisk[] = [];

  afterEach(async () => {
    await closeServers();
    for (const disk of disks.splice(0)) disk.remove();
  });

  const serveIn = (data: string) => serveGraph(graphOf(directory, indexed), { data });

  function smallDisk(context: Mocha.Context, megabytes: number): SmallDisk {
    const disk = mountSmallDisk(megabytes) ?? context.skip();
    disks.push(disk);
    return disk;
  }

  /** What was acknowledged must be there after a restart, in the table and in its index. */
  async function expectKept(data: string, acknowledged: Record<string, unknown>[]): Promise<void> {
    await closeServers();
    const server = await serveIn(data);
    for (const index of [undefined, "byName"]) {
      const found = new Map((await scanAll(server, TableName, index)).map((item) => [item.id, item]));
      const missing = acknowledged.filter(({ id }) => !found.has(id));
      expect(missing.map(({ id }) => id)).to.deep.equal([]);
    }
    expect(await scanAll(server, TableName, "byName")).to.deep.equal(await scanAll(server, TableName));
  }

  it("lose nothing that was acknowledged before, while and after the disk was full", async function () {
    const disk = smallDisk(this, 8);
    const server = await serveIn(disk.folder);
    const writer = new Writer(server);
    for (let round = 0; round < 3; round++) {
      for (let count = 0; count < 10; count++) expect(await writer.put()).to.equal(undefined);
      disk.fill();
      const failure = await writer.putUntilRefused();
      expect(failure.name).to.equal("InternalServerError");
      expect(failure.$metadata.httpStatusCode).to.equal(500);
      expect(failure.message).to.equal(
        `The tables in ${disk.folder}/dynamodb cannot be written: no space left on device`,
      );
      for (let count = 0; count < 10; count++) await writer.put();
      expect((await scanAll(server, TableName)).map(({ id }) => id)).to.include.members(
        writer.acknowledged.map(({ id }) => id),
      );
      disk.free();
    }
    for (let count = 0; count < 10; count++) expect(await writer.put()).to.equal(undefined);
    const folder = path.join(disk.folder, "dynamodb");
    const lost = `error: The tables in ${folder} cannot be written: no space left on device. Until they can be, writes fail with InternalServerError`;
    const recovered = `The tables in ${folder} can be written again`;
    expect(server.lines).to.deep.equal([lost, recovered, lost, recovered, lost, recovered]);
    await expectKept(disk.folder, writer.acknowledged);
  });

  it("lose nothing when they themselves fill the disk", async function () {
    const disk = smallDisk(this, 20);
    const writer = new Writer(await serveIn(disk.folder));
    for (const filled of [9e6, 5e6]) {
      disk.fill(filled);
      await writer.putUntilRefused(30);
      for (let count = 0; count < 10; count++) await writer.put();
    }
    disk.free();
    // The first may still meet a table that LevelDB could not write in the background.
    if (await writer.put()) expect(await writer.put()).to.equal(undefined);
    await expectKept(disk.folder, writer.acknowledged);
  });

  it("take nothing while their folder is somewhere else", async () => {
    const data = temporaryFolder();
    const server = await serveIn(data);
    const writer = new Writer(server);
    await writer.put();
    const folder = path.join(data, "dynamodb");
    fs.renameSync(folder, `${folder}.moved`);
    const failure = await writer.put();
    expect(failure?.name).to.equal("InternalServerError");
    expect(failure?.message).to.equal(
      `The tables in ${folder} cannot be written: their folder was removed or replaced. Put it back, or restart`,
    );
    fs.mkdirSync(folder);
    expect((await writer.put())?.message).to.equal(failure?.message);
    fs.rmdirSync(folder);
    fs.renameSync(`${folder}.moved`, folder);
    expect(await writer.put()).to.equal(undefined);
    await expectKept(data, writer.acknowledged);
  });

  it("lose nothing when their folder becomes read-only", async () => {
    const data = temporaryFolder();
    const writer = new Writer(await serveIn(data));
    const folder = path.join(data, "dynamodb");
    const names = [data, folder, ...fs.readdirSync(folder).map((name) => path.join(folder, name))];
    const root = process.geteuid?.() === 0;
    // Root may write everywhere.
    if (root) for (const name of names) fs.chownSync(name, 65534, 65534);
    if (root) process.seteuid?.(65534);
    try {
      fs.chmodSync(folder, 0o500);
      // LevelDB needs a new file only after four megabytes.
      const failure = await writer.putUntilRefused(300);
      expect(failure.message).to.equal(`The tables in ${folder} cannot be written: permission denied`);
      await writer.put();
      fs.chmodSync(folder, 0o700);
      expect(await writer.put()).to.equal(undefined);
    } finally {
      if (root) process.seteuid?.(0);
    }
    await expectKept(data, writer.acknowledged);
  });

  it("say where and why when there is no room to open them", async function () {
    const disk = smallDisk(this, 2);
    await new Writer(await serveIn(disk.folder)).put(100);
    await closeServers();
    disk.fill();
    const error = await serveIn(disk.folder).catch((reason) => reason);
    expect(error.message).to.equal(`The tables in ${disk.folder}/dynamodb cannot be opened: no space left on device`);
  });
});
