import { expect } from "chai";
import type { Outcome } from "../../../../../offline/cloud/core/polling/batches";
import { QueuePoller, type QueueSettings } from "../../../../../offline/cloud/core/polling/queuePoller";
import { MemoryQueue } from "../../../../helpers/offline/memorySources";
import { until } from "../../../../helpers/offline/served";

const SETTINGS: QueueSettings = { batchSize: 10, window: 0, concurrency: 5 };

interface Run {
  settings?: Partial<QueueSettings>;
  accepts?(body: string): boolean;
  /** What becomes of a batch, by its bodies. @default success */
  deliver?(bodies: string[]): Promise<Partial<Outcome>> | Partial<Outcome>;
}

const open: QueuePoller[] = [];

/** A poller of a queue that notes what it delivers. */
async function poll(queue: MemoryQueue, { settings, accepts, deliver }: Run) {
  const delivered: string[][] = [];
  const poller = new QueuePoller(
    queue,
    { ...SETTINGS, ...settings },
    {
      accepts: ({ body }) => accepts?.(body) ?? true,
      deliver: async (items) => {
        const bodies = items.map(({ message }) => message.body);
        delivered.push(bodies);
        return { failed: new Set<string>(), ...(await deliver?.(bodies)) };
      },
      log: () => {},
    },
  );
  open.push(poller);
  await poller.start();
  return { poller, delivered };
}

describe("QueuePoller", () => {
  afterEach(() => {
    for (const poller of open.splice(0)) poller.close();
  });

  it("delivers messages in batches, and deletes them", async () => {
    const queue = new MemoryQueue();
    queue.send("a", "b", "c");
    const { delivered } = await poll(queue, { settings: { batchSize: 2 } });
    await until(() => queue.size === 0);
    queue.send("d");
    await until(() => queue.size === 0);
    expect(delivered).to.deep.equal([["a", "b"], ["c"], ["d"]]);
  });

  it("collects messages as long as its window lasts, or until the batch is full", async () => {
    const queue = new MemoryQueue();
    const { delivered } = await poll(queue, { settings: { batchSize: 3, window: 300 } });
    queue.send("a");
    queue.send("b");
    await new Promise((resolve) => setTimeout(resolve, 30));
    expect(delivered).to.deep.equal([]);
    queue.send("c");
    await until(() => delivered.length === 1);
    expect(delivered).to.deep.equal([["a", "b", "c"]]);
  });

  it("leaves what fails to the queue, which hands it out again after its visibility timeout", async () => {
    const queue = new MemoryQueue(0.05);
    queue.send("a", "b");
    const { delivered } = await poll(queue, {
      deliver: () => {
        if (queue.visibilityTimeout > 1) return {};
        // On a busy machine, deleting what succeeds could take longer than the first timeout.
        queue.visibilityTimeout = 30;
        return { failed: "all" };
      },
    });
    await until(() => queue.size === 0);
    expect(delivered).to.deep.equal([
      ["a", "b"],
      ["a", "b"],
    ]);
  });

  it("deletes the rest of a batch when single messages fail", async () => {
    const queue = new MemoryQueue();
    queue.send("a", "b", "c");
    await poll(queue, { deliver: () => ({ failed: new Set(["message-2"]) }) });
    await until(() => queue.size === 1);
  });

  it("deletes messages that are not accepted", async () => {
    const queue = new MemoryQueue();
    queue.send("no", "a", "no");
    const { delivered } = await poll(queue, { accepts: (body) => body !== "no" });
    await until(() => queue.size === 0);
    expect(delivered).to.deep.equal([["a"]]);
  });

  it("delivers to a target at its limit again, as long as the messages are invisible", async () => {
    const queue = new MemoryQueue();
    queue.send("a");
    let throttles = 1;
    const { delivered } = await poll(queue, {
      deliver: () => ({ throttled: throttles-- > 0, failed: new Set<string>() }),
    });
    await until(() => queue.size === 0);
    expect(delivered).to.deep.equal([["a"], ["a"]]);
  });

  it("splits a batch that is larger than a function's payload", async () => {
    const queue = new MemoryQueue();
    queue.send(...Array.from({ length: 7 }, () => "x".repeat(2 ** 20)));
    const { delivered } = await poll(queue, {});
    await until(() => queue.size === 0);
    expect(delivered.map(({ length }) => length)).to.deep.equal([5, 2]);
  });

  it("delivers no more batches at once than it may", async () => {
    const queue = new MemoryQueue();
    let running = 0;
    let most = 0;
    queue.send(...Array.from({ length: 12 }, (_, index) => String(index)));
    await poll(queue, {
      settings: { batchSize: 1, concurrency: 3 },
      deliver: async () => {
        most = Math.max(most, ++running);
        await new Promise((resolve) => setTimeout(resolve, 5));
        running--;
        return {};
      },
    });
    await until(() => queue.size === 0);
    expect(most).to.equal(3);
  });

  it("receives nothing more once it is closed, and ends when the batches in flight have", async () => {
    const queue = new MemoryQueue();
    let end = () => {};
    queue.send("a");
    const { poller, delivered } = await poll(queue, {
      deliver: () => new Promise((resolve) => (end = () => resolve({}))),
    });
    await until(() => delivered.length === 1);
    poller.close();
    queue.send("b");
    end();
    await poller.stopped;
    expect([delivered, queue.size]).to.deep.equal([[["a"]], 1]);
  });
});
