import { expect } from "chai";
import { AwsError } from "../../../offline/cloud/core/awsError";
import type { Fault } from "../../../offline/cloud/core/service";
import type { FaultyServices } from "../../helpers/aws/faultyServices";
import { type Moto, pythonHas, startMoto } from "../../helpers/aws/moto";
import {
  createStreamResources,
  eventOf,
  loadStreamFunction,
  nextSequenceNumber,
  recordOf,
  type StreamFunction,
  startStreamServices,
} from "../../helpers/handlers/streamFunction";

/** What can never be applied, and why. */
const poison: [what: string, data: unknown, reason: RegExp][] = [
  ["is not JSON", Buffer.from("hello"), /^The data is not JSON in UTF-8$/],
  ["is not UTF-8", Buffer.from([0x22, 0xff, 0x22]), /^The data is not JSON in UTF-8$/],
  ["is null", null, /^The event is not valid: # must be an object$/],
  ["is a list of events", [eventOf("listed")], /^The event is not valid: # must be an object$/],
  ["has a future schema version", eventOf("future", { schemaVersion: 2 }), /schema version 2; only 1 is known$/],
  [
    "has a schema version that is no number",
    eventOf("odd", { schemaVersion: "1" }),
    /^The event is not valid: #\/schemaVersion must be an integer$/,
  ],
  [
    "has a type that is not known",
    eventOf("moved", { type: "moved" }),
    /^The event is not valid: #\/type must be one of created, updated, deleted$/,
  ],
  [
    "has an item that is not valid",
    eventOf("free", { item: { price: -1, colour: "red" } }),
    /^The event is not valid: #\/item\/price must be 0 or more; #\/item\/colour is not one of id, name/,
  ],
  [
    "has an id that cannot be stored",
    eventOf("half", { eventId: "\ud800" }),
    /^The event is not valid: #\/eventId has half of a surrogate pair/,
  ],
];

const backends = [
  {
    where: "the emulated cloud",
    start: async () => {
      const services = await startStreamServices();
      return { endpoint: services.endpoint, stop: () => services.close() };
    },
  },
  {
    where: "moto",
    start: async () => {
      if (!pythonHas("moto.dynamodb") || !pythonHas("moto.sqs")) return undefined;
      const moto: Moto = await startMoto();
      await createStreamResources(moto.endpoint);
      return { endpoint: moto.endpoint, stop: async () => moto.stop() };
    },
  },
];

for (const { where, start } of backends) {
  describe(`The stream's function, against ${where}`, () => {
    let backend: Awaited<ReturnType<typeof start>>;
    let stream: StreamFunction;

    before(async function () {
      this.timeout(60_000);
      backend = await start();
      if (!backend) return this.skip();
      stream = loadStreamFunction(backend.endpoint);
    });
    after(async () => {
      stream?.close();
      await backend?.stop();
    });

    it("creates, changes and deletes items", async () => {
      const created = eventOf("lamp", { type: "created", item: { price: 9.5, tags: ["home"] } });
      const changed = eventOf("lamp", { at: "2026-02-01T12:00:00Z", item: { name: "Desk lamp" } });
      expect(await stream.deliver([recordOf(created)])).to.equal(undefined);
      const first = await stream.item("lamp");
      expect(first).to.include({ name: "lamp", price: 9.5, createdAt: created.at, updatedAt: created.at });
      expect(first?.creation).to.equal(first?.revision);
      await stream.deliver([recordOf(changed)]);
      const second = await stream.item("lamp");
      expect(second).to.include({ name: "Desk lamp", createdAt: created.at, updatedAt: changed.at });
      expect(second).not.to.have.any.keys("price", "tags");
      expect([second?.creation, second?.revision]).to.not.deep.equal([first?.creation, first?.revision]);
      expect(second?.creation).to.equal(first?.creation);
      await stream.deliver([recordOf(eventOf("lamp", { type: "deleted", item: { name: undefined } }))]);
      expect(await stream.item("lamp")).to.equal(undefined);
    });

    it("applies an event once, in whatever record it arrives again", async () => {
      const once = eventOf("once", { item: { quantity: 1 } });
      const record = recordOf(once);
      await stream.deliver([record]);
      const { revision } = (await stream.item("once")) ?? {};
      expect(await stream.deliver([record, recordOf(once), recordOf(once, { shard: 1 })])).to.equal(undefined);
      expect((await stream.item("once"))?.revision).to.equal(revision);
    });

    it("passes over old records that are replayed, even of an item that has been deleted", async () => {
      const records = [
        eventOf("back", { type: "created" }),
        eventOf("back", { item: { name: "later" } }),
        eventOf("back", { type: "deleted" }),
      ].map((event) => recordOf(event));
      await stream.deliver(records);
      await stream.deliver(records);
      // Events that did not arrive before are old, too.
      const sequenceNumber = records[1]?.kinesis.sequenceNumber;
      await stream.deliver([recordOf(eventOf("back"), { sequenceNumber })]);
      expect(await stream.item("back")).to.equal(undefined);
      await stream.deliver([recordOf(eventOf("back", { type: "created", item: { name: "new" } }))]);
      expect(await stream.item("back")).to.include({ name: "new" });
    });

    it("keeps an item's order over shards, by the numbers of its records", async () => {
      const [early, late] = [nextSequenceNumber(), nextSequenceNumber()];
      const named = (name: string) => eventOf("split", { item: { name } });
      await stream.deliver([recordOf(named("late"), { sequenceNumber: late, shard: 2 })]);
      await stream.deliver([recordOf(named("early"), { sequenceNumber: early, shard: 0 })]);
      expect(await stream.item("split")).to.include({ name: "late" });
      // A number with fewer digits is smaller, whatever it begins with.
      await stream.deliver([recordOf(named("short"), { sequenceNumber: "9".repeat(50) })]);
      expect(await stream.item("split")).to.include({ name: "late" });
      await stream.deliver([recordOf(named("long"), { sequenceNumber: `1${"0".repeat(56)}` })]);
      expect(await stream.item("split")).to.include({ name: "long" });
    });

    it("rejects what can never be applied, with the reason, and applies the rest", async () => {
      const good = recordOf(eventOf("good"));
      const bad = poison.map(([, data]) => recordOf(data, { partitionKey: "poisonous \uffff key" }));
      expect(await stream.deliver([...bad, good])).to.equal(undefined);
      expect(await stream.item("good")).to.include({ name: "good" });
      const rejected = await stream.rejected();
      expect(rejected).to.have.length(poison.length);
      for (const [index, [what, , reason]] of poison.entries()) {
        const { kinesis, eventID } = bad[index] ?? good;
        const message = rejected.find((one) => one.eventID === eventID);
        expect(message?.reason, what).to.match(reason);
        expect(message).to.include({
          stream: "arn:aws:kinesis:eu-west-1:123456789012:stream/items",
          partitionKey: "poisonous \uffff key",
          sequenceNumber: kinesis.sequenceNumber,
          arrivedAt: "2026-01-31T12:00:00.000Z",
          data: kinesis.data,
        });
      }
    });

    it("rejects a record once, although its batch is delivered again", async () => {
      const batch = [recordOf("no event", { partitionKey: "a" }), recordOf(eventOf("same", { type: "created" }))];
      for (let attempts = 0; attempts < 3; attempts++) await stream.deliver(batch);
      expect(await stream.rejected()).to.have.length(1);
    });

    it("cuts what does not fit into a message", async () => {
      const tags = Array.from({ length: 50 }, (_, index) => `${"x".repeat(90)}${index}`);
      const wordy = eventOf("wordy", { item: { tags, description: "y".repeat(400_000) } });
      expect(await stream.deliver([recordOf(wordy)])).to.equal(undefined);
      const [message] = await stream.rejected();
      expect(message?.dataIsCut).to.equal(true);
      expect(Buffer.from(message?.data ?? "", "base64").toString()).to.match(/^\{"eventId":/);
      expect(message?.reason).to.have.length(2001);
    });
  });
}

describe("The stream's function, when its services fail", () => {
  let services: FaultyServices;
  let stream: StreamFunction;

  before(async () => {
    services = await startStreamServices();
    stream = loadStreamFunction(services.endpoint);
  });
  after(async () => {
    stream.close();
    await services.close();
  });
  afterEach(() => {
    for (const operation of Object.keys(services.faults)) delete services.faults[operation];
  });

  const requestsTo = (operation: string) => services.requests.filter((one) => one.operation === operation).length;

  const short: [what: string, fault: Fault][] = [
    ["a throttled table", "throttle"],
    ["a write that is not answered", "answer lost"],
    ["a write that does not arrive", "request lost"],
  ];
  for (const [what, fault] of short) {
    it(`gets over ${what}`, async () => {
      services.faults.TransactWriteItems = [fault];
      const id = `short-${fault.toString().replace(" ", "-")}`;
      expect(await stream.deliver([recordOf(eventOf(id, { item: { quantity: 1 } }))])).to.equal(undefined);
      expect(await stream.item(id)).to.include({ quantity: 1 });
    });
  }

  it("reports the lowest record that failed, and goes on with the other keys", async () => {
    const batch = ["a", "b", "a", "c", "b"].map((partitionKey, index) =>
      recordOf(eventOf(`lowest-${index}`), { partitionKey }),
    );
    // The first writes of three keys: that of `a` succeeds.
    const refusal = new AwsError("AccessDeniedException", "not now");
    let writes = 0;
    services.before("TransactWriteItems", () => {
      const { input } = services.requests.at(-1) ?? {};
      if (!/lowest-[14]"/.test(JSON.stringify(input))) return;
      writes++;
      services.faults.TransactWriteItems = [refusal];
    });
    expect(await stream.deliver(batch)).to.equal(batch[1]?.kinesis.sequenceNumber);
    services.before("TransactWriteItems", () => undefined);
    expect(writes, "what comes after a failed record of its key waits").to.equal(1);
    const applied = await Promise.all([0, 1, 2, 3, 4].map((index) => stream.item(`lowest-${index}`)));
    expect(applied.map((item) => item !== undefined)).to.deep.equal([true, false, true, true, false]);
    expect(await stream.deliver(batch.slice(1))).to.equal(undefined);
    expect(await stream.item("lowest-4")).to.include({ name: "lowest-4" });
  });

  it("rejects a record behind a failure only when it is delivered again", async () => {
    const batch = [
      recordOf("first", { partitionKey: "1" }),
      recordOf(eventOf("between"), { partitionKey: "2" }),
      recordOf("last", { partitionKey: "3" }),
    ];
    services.faults.TransactWriteItems = Array.from({ length: 3 }, () => "throttle");
    expect(await stream.deliver(batch)).to.equal(batch[1]?.kinesis.sequenceNumber);
    expect((await stream.rejected()).map(({ eventID }) => eventID)).to.deep.equal([batch[0]?.eventID]);
    expect(await stream.deliver(batch.slice(1))).to.equal(undefined);
    expect((await stream.rejected()).map(({ eventID }) => eventID)).to.deep.equal([batch[2]?.eventID]);
  });

  it("tries a record again that the queue does not take", async () => {
    const batch = [recordOf("no event"), recordOf(eventOf("behind"))];
    services.faults.SendMessage = Array.from({ length: 3 }, () => "throttle");
    expect(await stream.deliver(batch)).to.equal(batch[0]?.kinesis.sequenceNumber);
    expect(await stream.item("behind"), "it does not wait for the queue").to.include({ name: "behind" });
    services.faults.SendMessage = ["answer lost"];
    expect(await stream.deliver(batch)).to.equal(undefined);
    expect(await stream.rejected()).to.have.length(1);
  });

  it("tries again what another writer was in the way of", async () => {
    const CancellationReasons = [{ Code: "None" }, { Code: "TransactionConflict" }, { Code: "None" }];
    services.faults.TransactWriteItems = [
      new AwsError("TransactionCanceledException", "Transaction cancelled", 400, { CancellationReasons }),
    ];
    const record = recordOf(eventOf("contested"));
    expect(await stream.deliver([record])).to.equal(record.kinesis.sequenceNumber);
    expect(await stream.deliver([record])).to.equal(undefined);
  });

  it("works on twenty keys at once, and reports what is left when its time is nearly over", async () => {
    const batch = Array.from({ length: 30 }, (_, index) =>
      recordOf(eventOf(`slow-${index}`), { partitionKey: String(index) }),
    );
    const { now } = Date;
    const before = requestsTo("TransactWriteItems");
    services.before("TransactWriteItems", () => {
      Date.now = () => now() + 5000;
    });
    try {
      expect(await stream.deliver(batch, 6000)).to.equal(batch[20]?.kinesis.sequenceNumber);
    } finally {
      Date.now = now;
      services.before("TransactWriteItems", () => undefined);
    }
    expect(requestsTo("TransactWriteItems") - before).to.equal(20);
  });

  const tooLarge: [what: string, kilobytes: number][] = [
    ["an item", 410],
    ["a transaction", 4200],
  ];
  for (const [what, kilobytes] of tooLarge) {
    it(`rejects an event that is larger than ${what} may be`, async () => {
      const attributes = { text: "x".repeat(kilobytes * 1024) };
      const large = recordOf(eventOf("large", { item: { attributes } }));
      expect(await stream.deliver([large, recordOf(eventOf("small"))])).to.equal(undefined);
      expect(await stream.item("large")).to.equal(undefined);
      const [message, ...others] = await stream.rejected();
      expect(message?.reason).to.match(/^DynamoDB refuses the item: .*size/i);
      expect(others).to.deep.equal([]);
    });
  }

  it("rejects an event for which the whole transaction is refused", async () => {
    services.faults.TransactWriteItems = [new AwsError("ValidationException", "Item size has exceeded the maximum")];
    expect(await stream.deliver([recordOf(eventOf("refused"))])).to.equal(undefined);
    const [message] = await stream.rejected();
    expect(message?.reason).to.equal("DynamoDB refuses the item: Item size has exceeded the maximum");
  });
});
