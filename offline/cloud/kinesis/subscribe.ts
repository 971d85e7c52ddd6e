import { once } from "node:events";
import { AwsError } from "../core/awsError";
import type { OperationCall } from "../core/declaration";
import { refuseDryRun } from "./errors";
import { behind, readStart, type StartInput, showChild, showRecord } from "./read";
import type { Shard } from "./shard";
import type { Stream } from "./stream";
import type { Streams } from "./streams";

type SubscribeInput = { ConsumerARN: string; ShardId: string; StartingPosition: StartInput; DryRun?: boolean };

/** How long a subscription lasts. */
const LIFETIME_MILLISECONDS = 5 * 60_000;
/** How soon another call may take a subscription over. */
const EXCLUSIVE_MILLISECONDS = 5000;
/** How often a subscription without records shows that it is alive. */
const PAUSE_MILLISECONDS = 5000;
/** The most records of an event. */
const MAX_RECORDS = 1000;

interface Subscription {
  began: number;
  /** @param error why it ends before its time. @default it is over */
  end(error?: AwsError): void;
}

/** By consumer and shard. */
const subscriptions = new WeakMap<Streams, Map<string, Subscription>>();

/**
 * Sends the records of a shard as they arrive, for up to 5 minutes.
 * @see https://docs.aws.amazon.com/kinesis/latest/APIReference/API_SubscribeToShard.html
 */
export function subscribeToShard(streams: Streams, input: SubscribeInput, call: OperationCall): void {
  const { ConsumerARN, ShardId, StartingPosition } = input;
  const { stream, consumer } = streams.findConsumer(ConsumerARN);
  const { shard } = streams.findShard({ StreamName: stream.name }, ShardId);
  const after = shard.position(readStart(stream, shard, StartingPosition));
  refuseDryRun(input);
  const active = subscriptions.get(streams) ?? new Map<string, Subscription>();
  subscriptions.set(streams, active);
  const key = `${ConsumerARN} ${ShardId}`;
  const other = active.get(key);
  if (other && Date.now() - other.began < EXCLUSIVE_MILLISECONDS) {
    const message = `Another active subscription exists for this consumer: ${consumer.name}, shard: ${ShardId}. It can be taken over 5 seconds after it began.`;
    throw new AwsError("ResourceInUseException", message);
  }
  other?.end(new AwsError("ResourceInUseException", "Another call has taken over the subscription."));
  const subscription = send(stream, shard, after, call);
  active.set(key, subscription);
  call.response.on("close", () => {
    if (active.get(key) === subscription) active.delete(key);
  });
}

function send(stream: Stream, shard: Shard, from: string, { response, event }: OperationCall): Subscription {
  let after = from;
  let isOver = false;
  let isSending = false;
  let hasNews = false;
  const end = (error?: AwsError) => {
    if (isOver) return;
    isOver = true;
    stopWatching();
    clearTimeout(expiry);
    clearInterval(pulse);
    response.end(error && event(error.code, { message: error.message }));
  };
  /** Sends all that there is, and at least one event if the caller is to see that the subscription is alive. */
  const pump = async (isPulse: boolean) => {
    hasNews = true;
    if (isSending) return;
    isSending = true;
    for (let isFirst = true; !isOver && (hasNews || isFirst); isFirst = false) {
      hasNews = false;
      const page = shard.read(after, MAX_RECORDS);
      after = page.records.at(-1)?.sequenceNumber ?? after;
      const isEnd = page.isLast && (!shard.isOpen || stream.shard(shard.id) === undefined);
      if (page.records.length > 0 || isEnd || (isPulse && isFirst)) {
        const content = {
          Records: page.records.map(showRecord),
          // Between two records, so that the next subscription may begin at it or after it.
          ContinuationSequenceNumber: String(BigInt(after) + 1n),
          MillisBehindLatest: behind(page),
          ChildShards: isEnd ? stream.childrenOf(shard).map(showChild) : undefined,
        };
        if (!response.write(event("SubscribeToShardEvent", content))) await once(response, "drain").catch(() => end());
      }
      if (isEnd) end();
      if (!page.isLast) hasNews = true;
    }
    isSending = false;
  };
  const stopWatching = stream.watch(() => void pump(false));
  const expiry = setTimeout(end, LIFETIME_MILLISECONDS).unref();
  const pulse = setInterval(() => void pump(true), PAUSE_MILLISECONDS).unref();
  response.on("close", () => end());
  response.writeHead(200, { "Content-Type": "application/vnd.amazon.eventstream" });
  response.write(event("initial-response", {}));
  void pump(true);
  return { began: Date.now(), end };
}
