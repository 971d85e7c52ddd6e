import * as fs from "node:fs";
import * as path from "node:path";
import { expect } from "chai";
import { Streams } from "../../../../offline/cloud/kinesis/streams";
import type { Resource } from "../../../../offline/engine/graph";
import { at } from "../../../helpers/clock";
import { graphOf } from "../../../helpers/offline/graph";
import { stream } from "../../../helpers/offline/kinesis";
import { temporaryFolder } from "../../../helpers/temporaryFolder";

const PROGRAM = [stream("orders", { shardCount: 1 })];

/** As a process that is killed, the streams that were opened before are not closed. */
function open(folder: string, program: Resource[] = PROGRAM) {
  const streams = Streams.open("eu-west-1", folder);
  streams.reconcile(graphOf("/project", ...program));
  const orders = () => streams.find({ StreamName: "orders" });
  /** Returns the sequence numbers. */
  const put = (...texts: string[]) => {
    const records = texts.map((text) => ({ data: Buffer.from(text), partitionKey: `key\u2028${text}` }));
    return orders()
      .put(records)
      .map((placed) => ("exceeded" in placed ? "none" : placed.sequenceNumber));
  };
  const all = () =>
    orders().readable.flatMap((shard) => shard.read("0", 100).records.map(({ data }) => data.toString()));
  return { streams, orders, put, all };
}

describe("Stored Kinesis streams", () => {
  it("have all records, shards and settings when the process was killed", () => {
    const folder = temporaryFolder();
    const first = open(folder);
    const [number] = first.put("a", "ü");
    first.streams.create("other", { ...first.orders().settings, mode: "ON_DEMAND" }, 4);
    first.streams.reconcile(graphOf("/project", stream("orders", { shardCount: 2 })));
    first.put("b", "c", "d");
    first.orders().change({ settings: { retentionHours: 99 } });
    const second = open(folder, [stream("orders", { shardCount: 2 })]);
    expect(second.all()).to.deep.equal(first.all());
    expect(second.all().sort()).to.deep.equal(["a", "b", "c", "d", "ü"]);
    expect(second.orders().settings.retentionHours).to.equal(99);
    expect(second.orders().readable.map(({ state }) => state)).to.deep.equal(
      first.orders().readable.map((one) => one.state),
    );
    expect(second.streams.find({ StreamName: "other" }).openShards).to.have.length(4);
    const [record] = second.orders().readable[0]?.read("0", 1).records ?? [];
    expect(record?.sequenceNumber).to.equal(number);
    expect(record?.partitionKey).to.equal("key\u2028a");
  });

  it("go on with higher numbers, even if no record is left", async () => {
    const folder = temporaryFolder();
    const [before = ""] = open(folder).put("a");
    await at(Date.now() + 25 * 60 * 60 * 1000, async () => expect(open(folder).all()).to.deep.equal([]));
    const third = open(folder);
    const [after = ""] = third.put("b");
    expect(third.all()).to.deep.equal(["b"]);
    expect(after > before).to.equal(true);
  });

  it("leave out a line that was not completed, and go on after it", () => {
    const folder = temporaryFolder();
    open(folder).put("a");
    fs.appendFileSync(path.join(folder, "orders.jsonl"), '{"shard":0,"index":2,"arri');
    open(folder).put("b");
    expect(open(folder).all()).to.deep.equal(["a", "b"]);
  });

  it("stay on the disk while the program does not have them, unless a call deletes them", () => {
    const folder = temporaryFolder();
    const first = open(folder);
    first.put("a");
    first.streams.reconcile(graphOf("/project", stream("another")));
    expect(() => first.orders()).to.throw("Stream orders under account 123456789012 not found.");
    first.streams.reconcile(graphOf("/project", ...PROGRAM));
    expect(first.all()).to.deep.equal(["a"]);
    const second = open(folder, [stream("another")]);
    expect(() => second.orders()).to.throw(/not found/);
    second.streams.remove("another");
    expect(fs.readdirSync(folder)).to.deep.equal(["orders.jsonl"]);
    expect(open(folder).all()).to.deep.equal(["a"]);
  });

  it("refuse a record that cannot be stored, and are whole afterwards", () => {
    const folder = temporaryFolder();
    const { orders, put, all } = open(folder);
    put("a");
    const { store } = orders();
    const broken = new Error("no space left on device");
    orders().store = {
      ...store,
      append: () => {
        throw broken;
      },
      close: () => undefined,
      remove: () => undefined,
    };
    expect(() => put("b")).to.throw(/The stream orders cannot be stored: no space left on device/);
    expect(() => orders().change({ settings: { retentionHours: 30 } })).to.throw(/cannot be stored/);
    orders().store = store;
    put("c");
    expect(all()).to.deep.equal(["a", "c"]);
    expect(open(folder).all()).to.deep.equal(["a", "c"]);
    expect(open(folder).orders().settings.retentionHours).to.equal(orders().settings.retentionHours);
  });
});
