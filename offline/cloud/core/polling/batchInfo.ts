import type { StreamSource } from "../sources";
import { inSeconds } from "../times";
import type { StreamBatch } from "./lane";

/**
 * Where the records of a batch that is given up are, as destinations get it; the records themselves stay in the stream.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/kinesis-on-failure-destination.html
 */
export function batchInfoOf({ kind, arn: streamArn }: StreamSource, { items, shardId }: StreamBatch): object {
  const [first, last] = [items[0], items.at(-1)].map((item) => ({
    number: item?.id,
    arrival: arrivalOf(kind, item?.record.arrived ?? 0),
  }));
  const info = {
    shardId,
    startSequenceNumber: first?.number,
    endSequenceNumber: last?.number,
    approximateArrivalOfFirstRecord: first?.arrival,
    approximateArrivalOfLastRecord: last?.arrival,
    batchSize: items.length,
    streamArn,
  };
  return { [kind === "kinesis" ? "KinesisBatchInfo" : "DDBStreamBatchInfo"]: info };
}

/** Tables' streams know times to the second. */
function arrivalOf(kind: StreamSource["kind"], time: number): string {
  return kind === "kinesis" ? new Date(time).toISOString() : inSeconds(time);
}
