import {
  KinesisClient,
  ListShardsCommand,
  MergeShardsCommand,
  PutRecordsCommand,
  type PutRecordsRequestEntry,
  type Shard,
  SplitShardCommand,
} from "@aws-sdk/client-kinesis";
import { NodeHttpHandler } from "@smithy/node-http-handler";
import { bundle } from "../../../components/lambda/bundle";
import type { StreamRecord } from "../../../offline/cloud/dynamodb/streams/capture";
import type { Graph } from "../../../offline/engine/graph";
import { Archive, Asset } from "../../../offline/engine/values";
import { temporaryFolder } from "../temporaryFolder";
import { streamsOf } from "./dynamodb";
import { graphOf, lambdaOf, table } from "./graph";
import { ofStream, queue, stream, toFailures } from "./mappings";
import { type Served, until } from "./served";
import { follow } from "./streams";

const STREAM = "items";
export const REJECTED = "rejected.fifo";

/** What the function does with its first call, and so on in turn. */
export type Behaviour = "work" | "fail after the work" | "be killed at work";

/**
 * A program with the stream's function, bundled as a program does it, its tables, its queue and a stream.
 * @param behaviours of each worker's calls
 */
export async function itemStreamGraph(shards: number, ...behaviours: Behaviour[]): Promise<Graph> {
  const entryPoint = require.resolve("../../../handlers/stream");
  const files = await bundle({ entryPoint, exportName: "handler", architecture: "arm64", options: {} });
  const code = {
    "index.js": new Asset({ text: misbehaving(behaviours) }),
    "stream.js": new Asset({ path: files["index.js"] ?? "" }),
  };
  const rejected = queue(REJECTED, { fifoQueue: true });
  const variables = {
    TABLE_NAME: "items",
    RECORDS_TABLE_NAME: "records",
    REJECTED_QUEUE_URL: String(rejected.outputs.url),
  };
  const settings = { timeout: 60, memorySize: 256, environment: { variables } };
  return graphOf(
    temporaryFolder(),
    table("items", { streamEnabled: true, streamViewType: "NEW_AND_OLD_IMAGES" }),
    table("records"),
    rejected,
    queue("failures"),
    stream(STREAM, { shardCount: shards }),
    lambdaOf("main", new Archive({ assets: code }), settings),
    ofStream(STREAM, {
      batchSize: 100,
      parallelizationFactor: 2,
      maximumRetryAttempts: 50,
      bisectBatchOnFunctionError: true,
      functionResponseTypes: ["ReportBatchItemFailures"],
      ...toFailures(),
    }),
  );
}

function misbehaving(behaviours: Behaviour[]): string {
  return `
const { handler } = require("./stream.js");
const behaviours = ${JSON.stringify(behaviours)};
let calls = 0;
exports.handler = async (event, context) => {
  const behaviour = behaviours[calls++ % behaviours.length];
  if (behaviour === "be killed at work") setTimeout(() => process.exit(1), 20);
  const response = await handler(event, context);
  if (behaviour === "fail after the work") throw new Error("The work is done, but nobody will know");
  return response;
};`;
}

/** What is put into the stream, in rounds: a call for each, with no more than one new event for each item. */
export interface Plan {
  rounds: PutRecordsRequestEntry[][];
  items: number;
  /** The versions of each item, from 1; each fifth item is deleted after the last one. */
  versions: number;
  /** How many events change something: once for each version, and once for each deletion. */
  changes: number;
  /** Why each poisonous record can never be applied, by its data in base64. */
  poison: Map<string, RegExp>;
}

const isDeleted = (item: number) => item % 5 === 0;

/** Events of 200 items, with duplicates (5 %) and poison (3 %). */
export function planOf(events: number): Plan {
  const items = 200;
  const versions = events / items;
  const poison: Plan["poison"] = new Map();
  const rounds = Array.from({ length: versions + 1 }, (_, round) => {
    const records = Array.from({ length: items }, (_, item) => item)
      .filter((item) => round < versions || isDeleted(item))
      .flatMap((item) => {
        const serial = round * items + item;
        // Of this event, or one long before it.
        const again = serial % 20 === 7 ? [eventOf(item, 1 + (serial % (round + 1)))] : [];
        const bad = serial % 33 === 0 && round < versions ? [poisonOf(serial, poison)] : [];
        return [...bad, eventOf(item, round + 1, round === versions), ...again].map((Data) => ({
          Data: Buffer.from(Data),
          PartitionKey: `item-${item}`,
        }));
      });
    return records;
  });
  return { rounds, items, versions, changes: items * versions + items / 5, poison };
}

function eventOf(item: number, version: number, deletes = false): string {
  const type = deletes ? "deleted" : version === 1 ? "created" : "updated";
  const content = { id: `item-${item}`, name: `Item ${item}`, quantity: version };
  return JSON.stringify({ eventId: `${item}/${version}`, type, at: "2026-01-31T12:00:00Z", item: content });
}

function poisonOf(serial: number, known: Plan["poison"]): string {
  const event = (more: object) =>
    JSON.stringify({ ...JSON.parse(eventOf(0, 1)), eventId: `poison-${serial}`, ...more });
  const forms: [data: string, reason: RegExp][] = [
    [`{"no JSON": ${serial}`, /^The data is not JSON/],
    [event({ schemaVersion: 2 }), /^The event has the schema version 2/],
    [JSON.stringify({ order: serial }), /^The event is not valid: #\/eventId is required/],
    [event({ item: { id: "item-0", name: "Item 0", quantity: -serial } }), /^The event is not valid: .*quantity must/],
  ];
  const [data, reason] = forms[Math.floor(serial / 33) % forms.length] ?? ["", /^$/];
  known.set(Buffer.from(data).toString("base64"), reason);
  return data;
}

export const kinesisOf = ({ endpoint, credentials }: Served) =>
  new KinesisClient({
    endpoint,
    region: "eu-west-1",
    credentials: { ...credentials },
    requestHandler: new NodeHttpHandler(),
  });

/** Puts all rounds into the stream, whose shards are split and merged meanwhile. Returns the changes of the items' table. */
export async function applyPlan(server: Served, plan: Plan, seconds: number): Promise<StreamRecord[]> {
  const client = kinesisOf(server);
  const next = await follow(streamsOf(server), "items");
  for (const [round, records] of plan.rounds.entries()) {
    await putAll(client, records);
    if (round === 1 || round === 2) await split(client);
    if (round === 3) await merge(client);
  }
  const changes: StreamRecord[] = [];
  await until(async () => {
    const page = await next();
    changes.push(...page);
    if (page.length > 0) return false;
    // A change too many would come last.
    await pause();
    return changes.length >= plan.changes;
  }, seconds);
  return changes;
}

async function putAll(client: KinesisClient, records: PutRecordsRequestEntry[]): Promise<void> {
  for (let rest = records; rest.length > 0; ) {
    const { Records = [] } = await client.send(new PutRecordsCommand({ StreamName: STREAM, Records: rest }));
    // What a shard does not take in this second.
    rest = rest.filter((_, index) => Records[index]?.ErrorCode !== undefined);
    if (rest.length > 0) await pause();
  }
}

/** Leaves the machine to the others for a moment. */
const pause = () => new Promise((resolve) => setTimeout(resolve, 50));

/** The open shards, by their hash keys. */
async function openShards(client: KinesisClient): Promise<Shard[]> {
  const { Shards = [] } = await client.send(new ListShardsCommand({ StreamName: STREAM }));
  const open = Shards.filter(({ SequenceNumberRange }) => SequenceNumberRange?.EndingSequenceNumber === undefined);
  return open.sort((one, other) => (startOf(one) < startOf(other) ? -1 : 1));
}

const startOf = ({ HashKeyRange }: Shard) => BigInt(HashKeyRange?.StartingHashKey ?? 0);

/** Splits the first open shard in the middle. */
async function split(client: KinesisClient): Promise<void> {
  const [first, second] = await openShards(client);
  if (!first || !second) throw new Error("a stream needs two shards here");
  const NewStartingHashKey = String((startOf(first) + startOf(second)) / 2n);
  await client.send(new SplitShardCommand({ StreamName: STREAM, ShardToSplit: first.ShardId, NewStartingHashKey }));
}

/** Merges the first two open shards. */
async function merge(client: KinesisClient): Promise<void> {
  const [ShardToMerge, AdjacentShardToMerge] = (await openShards(client)).map(({ ShardId }) => ShardId);
  await client.send(new MergeShardsCommand({ StreamName: STREAM, ShardToMerge, AdjacentShardToMerge }));
}
