import { PutRecordCommand } from "@aws-sdk/client-kinesis";
import { graphOf, lambda } from "../tests/helpers/offline/graph";
import { applyPlan, itemStreamGraph, kinesisOf, planOf } from "../tests/helpers/offline/itemStream";
import { ofStream, stream as streamOf } from "../tests/helpers/offline/mappings";
import { closeServers, serveGraph, until } from "../tests/helpers/offline/served";
import { temporaryFolder } from "../tests/helpers/temporaryFolder";
import { median, percentile } from "./measure";
import type { Row } from "./report";

const EVENTS = 10_000;
const PINGS = 300;
const SECONDS = 600;

/** Events from Kinesis through a function into a table, in the offline cloud. */
export async function stream(): Promise<Row[]> {
  const delays = await delaysOf(PINGS);
  const calm = await eventsPerSecond("work");
  const rough = await eventsPerSecond("work", "fail after the work", "work", "be killed at work");
  const what = "from PutRecord to the start of its function, with a window of 0";
  return [
    { what: `item events, from the stream into the table (${EVENTS} of them)`, measured: calm, unit: "/s" },
    { what: "item events, half of the function's calls killed or failed", measured: rough, unit: "/s" },
    { what: `p50 ${what}`, measured: median(delays), unit: "ms", limit: { atMost: 30 } },
    { what: `p99 ${what}`, measured: percentile(delays, 0.99), unit: "ms" },
  ];
}

/** With duplicates, poison and shards that are split and merged; see the test that this shares its events with. */
async function eventsPerSecond(...behaviours: Parameters<typeof itemStreamGraph>[1][]): Promise<number> {
  const server = await serveGraph(await itemStreamGraph(4, ...behaviours));
  const plan = planOf(EVENTS);
  const began = performance.now();
  const { length } = await applyPlan(server, plan, SECONDS);
  if (length !== plan.changes) throw new Error(`${length} changes of items, not ${plan.changes}`);
  const perSecond = EVENTS / ((performance.now() - began) / 1000);
  await closeServers();
  return perSecond;
}

/** One record after another, each when the one before it has arrived, in milliseconds. */
async function delaysOf(count: number): Promise<number[]> {
  const code = `exports.handler = async ({ Records }) => {
    const now = performance.timeOrigin + performance.now();
    for (const { kinesis } of Records) console.log("took", now - Number(Buffer.from(kinesis.data, "base64")));
  };`;
  const pings = ofStream("pings", { startingPosition: "LATEST" });
  const server = await serveGraph(graphOf(temporaryFolder(), lambda("main", code), streamOf("pings"), pings));
  const client = kinesisOf(server);
  const delays = () => server.lines.flatMap((line) => /took ([\d.]+)/.exec(line)?.[1] ?? []).map(Number);
  for (let sent = 0; sent < count; sent++) {
    const Data = Buffer.from(String(performance.timeOrigin + performance.now()));
    await client.send(new PutRecordCommand({ StreamName: "pings", PartitionKey: "ping", Data }));
    await until(() => delays().length > sent);
  }
  await closeServers();
  return delays();
}
