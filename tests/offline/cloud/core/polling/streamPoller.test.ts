import { setTimeout as sleep } from "node:timers/promises";
import { expect } from "chai";
import type { Outcome } from "../../../../../offline/cloud/core/polling/batches";
import type { StreamBatch, StreamSettings } from "../../../../../offline/cloud/core/polling/lane";
import type { Checkpoint } from "../../../../../offline/cloud/core/polling/shardReader";
import { type Checkpoints, StreamPoller } from "../../../../../offline/cloud/core/polling/streamPoller";
import type { Start } from "../../../../../offline/cloud/core/sources";
import { MemoryStream } from "../../../../helpers/offline/memorySources";
import { until } from "../../../../helpers/offline/served";

const SETTINGS: StreamSettings = {
  batchSize: 100,
  window: 0,
  parallelization: 1,
  retries: Number.POSITIVE_INFINITY,
  maxAge: Number.POSITIVE_INFINITY,
  bisects: false,
  tumblingWindow: 0,
};

/** Checkpoints as a file would keep them, so that another poller can go on with them. */
function checkpoints(kept: Record<string, Checkpoint> = {}): Checkpoints & { kept: Record<string, Checkpoint> } {
  return {
    kept,
    get: (id) => kept[id],
    set: (id, checkpoint) => {
      kept[id] = JSON.parse(JSON.stringify(checkpoint));
    },
    get isEmpty() {
      return Object.keys(kept).length === 0;
    },
    retain: () => {},
  };
}

interface Run {
  settings?: Partial<StreamSettings>;
  start?: Start;
  kept?: Record<string, Checkpoint>;
  accepts?(data: string): boolean;
  /** What becomes of a batch, by its data. @default success */
  deliver?(
    data: string[],
    batch: StreamBatch,
  ): Promise<Partial<Outcome> & { state?: unknown }> | Partial<Outcome> | undefined;
}

const open: StreamPoller[] = [];

/** A poller of a stream that notes what it delivers and gives up. */
async function poll(stream: MemoryStream, { settings, start = { type: "TRIM_HORIZON" }, kept, accepts, deliver }: Run) {
  const delivered: string[][] = [];
  const batches: StreamBatch[] = [];
  const discarded: string[] = [];
  const dataOf = ({ items }: StreamBatch) => items.map(({ record }) => record.data ?? "");
  const saved = checkpoints(kept);
  const poller = new StreamPoller({
    source: stream,
    start,
    settings: { ...SETTINGS, ...settings },
    checkpoints: saved,
    target: {
      accepts: ({ data = "" }) => accepts?.(data) ?? true,
      deliver: async (batch) => {
        delivered.push(dataOf(batch));
        batches.push(batch);
        return { failed: new Set<string>(), ...(await deliver?.(dataOf(batch), batch)) };
      },
      discard: async (batch, reason, attempts) => {
        discarded.push(`${dataOf(batch).join(" ")}: ${reason} after ${attempts}`);
      },
      log: () => {},
    },
  });
  await poller.start();
  open.push(poller);
  return { poller, delivered, batches, discarded, kept: saved.kept };
}

describe("StreamPoller", () => {
  afterEach(() => {
    for (const poller of open.splice(0)) poller.close();
  });

  it("delivers what is there and what comes, in batches of at most the batch size", async () => {
    const stream = new MemoryStream();
    for (const data of ["a", "b", "c"]) stream.put(data);
    const { delivered } = await poll(stream, { settings: { batchSize: 2 } });
    await until(() => delivered.length === 2);
    stream.put("d");
    await until(() => delivered.length === 3);
    expect(delivered).to.deep.equal([["a", "b"], ["c"], ["d"]]);
  });

  const starts: [Start["type"], Start, string[]][] = [
    ["TRIM_HORIZON", { type: "TRIM_HORIZON" }, ["a", "b", "c"]],
    ["LATEST", { type: "LATEST" }, ["c"]],
    ["AT_TIMESTAMP", { type: "AT_TIMESTAMP", timestamp: 2000 }, ["b", "c"]],
  ];
  for (const [type, start, expected] of starts) {
    it(`begins at ${type}`, async () => {
      const stream = new MemoryStream();
      stream.put("a", { arrived: 1000 });
      stream.put("b", { arrived: 2000 });
      const { delivered } = await poll(stream, { start });
      stream.put("c");
      await until(() => delivered.flat().includes("c"));
      expect(delivered.flat()).to.deep.equal(expected);
    });
  }

  it("waits for the batching window, unless the batch is full before", async () => {
    const stream = new MemoryStream();
    const { delivered } = await poll(stream, { settings: { batchSize: 3, window: 300 } });
    stream.put("a");
    stream.put("b");
    await new Promise((resolve) => setTimeout(resolve, 30));
    expect(delivered).to.deep.equal([]);
    stream.put("c");
    await until(() => delivered.length === 1);
    expect(delivered).to.deep.equal([["a", "b", "c"]]);
  });

  it("tries a batch again until it gives it up, and goes on behind it", async () => {
    const stream = new MemoryStream();
    const deliver = (data: string[]) => (data.includes("bad") ? { failed: "all" as const } : undefined);
    const { delivered, discarded } = await poll(stream, { deliver, settings: { retries: 2, batchSize: 2 } });
    for (const data of ["a", "bad", "b"]) stream.put(data);
    await until(() => delivered.flat().includes("b"));
    expect(delivered.filter((data) => data.includes("bad"))).to.have.length(3);
    expect(discarded).to.deep.equal(["a bad: RetryAttemptsExhausted after 3"]);
  });

  it("halves a batch that fails, which counts as no retry, so that only the bad record is given up", async () => {
    const stream = new MemoryStream();
    for (const data of ["a", "b", "c", "bad", "d", "e"]) stream.put(data);
    const deliver = (data: string[]) => (data.includes("bad") ? { failed: "all" as const } : undefined);
    const { delivered, discarded } = await poll(stream, { deliver, settings: { retries: 1, bisects: true } });
    await until(() => delivered.flat().includes("e") && delivered.at(-1)?.includes("e") === true);
    expect(discarded).to.deep.equal(["bad: RetryAttemptsExhausted after 2"]);
    expect(delivered.filter((data) => !data.includes("bad"))).to.deep.equal([["a", "b", "c"], ["d"], ["e"]]);
  });

  it("goes on at the first failure that a target reports, with all attempts anew", async () => {
    const stream = new MemoryStream();
    for (const data of ["a", "b", "bad", "c", "d"]) stream.put(data);
    const deliver = (_: string[], { items }: StreamBatch) => ({
      failed: new Set(items.filter(({ record }) => record.data === "bad").map(({ id }) => id)),
    });
    const { delivered, discarded } = await poll(stream, { deliver, settings: { retries: 1 } });
    await until(() => discarded.length === 1);
    expect(delivered).to.deep.equal([
      ["a", "b", "bad", "c", "d"],
      ["bad", "c", "d"],
      ["bad", "c", "d"],
    ]);
    expect(discarded).to.deep.equal(["bad c d: RetryAttemptsExhausted after 2"]);
  });

  it("halves what is left when the first record is the one that is reported", async () => {
    const stream = new MemoryStream();
    for (const data of ["a", "bad", "b", "c"]) stream.put(data);
    const deliver = (_: string[], { items }: StreamBatch) => ({
      failed: new Set(items.filter(({ record }) => record.data === "bad").map(({ id }) => id)),
    });
    const { delivered, discarded } = await poll(stream, { deliver, settings: { retries: 0, bisects: true } });
    await until(() => delivered.flat().includes("c") && discarded.length === 1);
    expect(discarded).to.deep.equal(["bad: RetryAttemptsExhausted after 1"]);
  });

  it("gives up records that are too old before it delivers the others", async () => {
    const stream = new MemoryStream();
    stream.put("old", { arrived: Date.now() - 61_000 });
    stream.put("new");
    const { delivered, discarded } = await poll(stream, { settings: { maxAge: 60 } });
    await until(() => delivered.length === 1);
    expect([delivered, discarded]).to.deep.equal([[["new"]], ["old: RecordAgeExceeded after 1"]]);
  });

  it("counts the age of records as if it waited as long as AWS between attempts", async () => {
    const stream = new MemoryStream();
    stream.put("bad");
    const { discarded } = await poll(stream, { deliver: () => ({ failed: "all" }), settings: { maxAge: 60 } });
    await until(() => discarded.length === 1);
    expect(discarded).to.deep.equal(["bad: RecordAgeExceeded after 8"]);
  });

  it("waits for a target at its limit, which counts as no attempt", async () => {
    const stream = new MemoryStream();
    stream.put("a");
    let throttles = 1;
    const deliver = () => ({ throttled: throttles-- > 0, failed: new Set<string>() });
    const { delivered, discarded, kept } = await poll(stream, { deliver, settings: { retries: 0 } });
    await until(() => delivered.length === 2);
    await until(() => "after" in (kept["shard-1"] ?? {}));
    expect(discarded).to.deep.equal([]);
  });

  it("passes over what is not accepted", async () => {
    const stream = new MemoryStream();
    const { delivered, kept } = await poll(stream, { accepts: (data) => data !== "no" });
    for (const data of ["no", "a", "no"]) stream.put(data);
    await until(() => JSON.stringify(kept["shard-1"]) === '{"after":"3"}');
    expect(delivered).to.deep.equal([["a"]]);
  });

  it("never makes a batch larger than a function's payload", async () => {
    const stream = new MemoryStream();
    for (let index = 0; index < 4; index++) stream.put("x".repeat(2 ** 21));
    const { delivered } = await poll(stream, {});
    await until(() => delivered.flat().length === 4);
    expect(delivered.map(({ length }) => length)).to.deep.equal([2, 2]);
  });

  describe("with several batches of a shard at once", () => {
    it("keeps the order of each key, and does not wait for another key that fails", async () => {
      const stream = new MemoryStream();
      const keys = Array.from({ length: 8 }, (_, index) => `key-${index}`);
      const deliver = (data: string[]) => ({
        failed: data.some((one) => one.startsWith("key-0")) ? ("all" as const) : new Set<string>(),
      });
      const { delivered, kept } = await poll(stream, { deliver, settings: { parallelization: 10, batchSize: 1 } });
      for (let n = 0; n < 5; n++) for (const key of keys) stream.put(`${key}:${n}`, { key });
      const of = (key: string) => delivered.flat().filter((one) => one.startsWith(`${key}:`));
      await until(() => of("key-7").length === 5);
      for (const key of ["key-3", "key-7"]) {
        expect(of(key)).to.deep.equal([0, 1, 2, 3, 4].map((n) => `${key}:${n}`));
      }
      expect(new Set(of("key-0"))).to.deep.equal(new Set(["key-0:0"]));
      // A later run begins before the one that fails.
      expect(JSON.stringify(kept["shard-1"])).not.to.include("after");
    });

    it("delivers no more batches at once than it may", async () => {
      const stream = new MemoryStream();
      let running = 0;
      let most = 0;
      const deliver = async () => {
        most = Math.max(most, ++running);
        await new Promise((resolve) => setTimeout(resolve, 5));
        running--;
      };
      for (let n = 0; n < 40; n++) stream.put(String(n), { key: String(n) });
      const { delivered } = await poll(stream, {
        deliver: () => deliver().then(() => ({})),
        settings: { parallelization: 2, batchSize: 1 },
      });
      await until(() => delivered.length === 40);
      expect(most).to.equal(2);
    });
  });

  describe("when shards are split", () => {
    it("reads the new ones from their beginnings, after those that they were made from", async () => {
      const stream = new MemoryStream();
      let isHeld = true;
      const deliver = async (data: string[]) => (data.includes("a") && isHeld ? { failed: "all" as const } : undefined);
      const { delivered } = await poll(stream, {
        start: { type: "LATEST" },
        deliver: async (data) => (await deliver(data)) ?? {},
      });
      stream.put("a");
      stream.split("shard-1", "shard-2", "shard-3");
      stream.put("b", { shard: "shard-2" });
      stream.put("c", { shard: "shard-3" });
      await until(() => delivered.length > 1);
      expect(new Set(delivered.flat())).to.deep.equal(new Set(["a"]));
      isHeld = false;
      await until(() => delivered.flat().includes("b") && delivered.flat().includes("c"));
      expect(delivered.flat().indexOf("b")).to.be.greaterThan(delivered.flat().lastIndexOf("a"));
    });

    it("does not wait for shards that no longer exist", async () => {
      const stream = new MemoryStream();
      const { delivered, kept } = await poll(stream, { start: { type: "LATEST" } });
      stream.split("shard-1", "shard-2");
      await until(() => "ended" in (kept["shard-1"] ?? {}));
      stream.drop("shard-1");
      stream.put("b", { shard: "shard-2" });
      await until(() => delivered.length === 1);
    });
  });

  describe("in a later run", () => {
    it("goes on where the earlier one was, even at LATEST", async () => {
      const stream = new MemoryStream();
      const first = await poll(stream, { start: { type: "LATEST" } });
      stream.put("a");
      await until(() => "after" in (first.kept["shard-1"] ?? {}));
      first.poller.close();
      await first.poller.stopped;
      stream.put("b");
      const second = await poll(stream, { start: { type: "LATEST" }, kept: first.kept });
      await until(() => second.delivered.length === 1);
      expect([first.delivered, second.delivered]).to.deep.equal([[["a"]], [["b"]]]);
    });

    it("goes on where the earlier one began if it got nothing", async () => {
      const stream = new MemoryStream();
      stream.put("before");
      const first = await poll(stream, { start: { type: "LATEST" } });
      first.poller.close();
      stream.put("a");
      const second = await poll(stream, { start: { type: "LATEST" }, kept: first.kept });
      await until(() => second.delivered.length === 1);
      expect(second.delivered).to.deep.equal([["a"]]);
    });
  });

  it("delivers nothing more once it is closed, and watches no more", async () => {
    const stream = new MemoryStream();
    const { poller, delivered } = await poll(stream, {});
    poller.close();
    stream.put("a");
    await poller.stopped;
    expect([delivered, stream.watchers]).to.deep.equal([[], 0]);
  });

  describe("with tumbling windows", () => {
    const START = 1_800_000_000_000;

    it("hands the state on within a window, and ends the window before a later record", async () => {
      const stream = new MemoryStream();
      const records = [0, 1000, 10_000].map((offset) => START + offset);
      for (const [index, arrived] of records.entries()) stream.put(`r${index}`, { arrived });
      const deliver = (data: string[], { tumbling }: StreamBatch) => ({
        failed: new Set<string>(),
        state: { count: ((tumbling?.state as { count?: number } | undefined)?.count ?? 0) + data.length },
      });
      const { delivered, batches } = await poll(stream, { deliver, settings: { batchSize: 1, tumblingWindow: 10 } });
      await until(() => delivered.length >= 4);
      const told = batches
        .slice(0, 4)
        .map(({ tumbling }) => [tumbling?.window.start, tumbling?.state, tumbling?.isFinalInvokeForWindow]);
      const [first, second] = ["2027-01-15T08:00:00Z", "2027-01-15T08:00:10Z"];
      expect(delivered.slice(0, 4)).to.deep.equal([["r0"], ["r1"], [], ["r2"]]);
      expect(told).to.deep.equal([
        [first, {}, false],
        [first, { count: 1 }, false],
        [first, { count: 2 }, true],
        [second, {}, false],
      ]);
    });

    it("ends a window by the clock if nothing more comes", async () => {
      const stream = new MemoryStream();
      stream.put("a", { arrived: Date.now() - 5000 });
      const { batches } = await poll(stream, { settings: { tumblingWindow: 1 } });
      await until(() => batches.at(-1)?.tumbling?.isFinalInvokeForWindow === true);
      expect(batches.map(({ items }) => items.length)).to.deep.equal([1, 0]);
    });

    it("loses and repeats nothing if the target takes longer than a window", async () => {
      const stream = new MemoryStream();
      const names = ["r0", "r1", "r2", "r3"];
      const second = Math.floor(Date.now() / 1000) * 1000 - 5000;
      for (const [index, name] of names.entries()) stream.put(name, { arrived: second + index * 25 });
      const deliver = async (data: string[], { tumbling }: StreamBatch) => {
        await sleep(60);
        return { state: { seen: [...((tumbling?.state as { seen?: string[] })?.seen ?? []), ...data] } };
      };
      const settings = { batchSize: 1, tumblingWindow: 0.05, retries: 0 };
      const { delivered, batches, discarded } = await poll(stream, { deliver, settings });
      const ends = () => batches.filter(({ tumbling }) => tumbling?.isFinalInvokeForWindow);
      await until(() => ends().length === 2);
      expect(delivered.flat()).to.deep.equal(names);
      expect(ends().map(({ tumbling }) => tumbling?.state)).to.deep.equal([
        { seen: ["r0", "r1"] },
        { seen: ["r2", "r3"] },
      ]);
      expect(discarded).to.deep.equal([]);
    });

    it("ends a window early when its state is too large", async () => {
      const stream = new MemoryStream();
      stream.put("a");
      const deliver = (data: string[]) => ({
        failed: new Set<string>(),
        ...(data.length > 0 && { state: "x".repeat(2 ** 20) }),
      });
      const { batches } = await poll(stream, { deliver, settings: { tumblingWindow: 900 } });
      await until(() => batches.length === 2);
      expect(batches[1]?.tumbling).to.include({ isFinalInvokeForWindow: true, isWindowTerminatedEarly: true });
    });
  });
});
