import { randomBytes } from "node:crypto";
import { type Item, itemSize, type Table } from "dynalite/db";
import { canonical } from "../canonical";
import type { Transaction } from "../transaction";
import { putStream, recordsOf, type Stream, sequenceNumberAt, streamOf, type ViewType } from "./stream";

/** A change of an item. @see https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_streams_Record.html */
export interface StreamRecord {
  eventID: string;
  eventName: "INSERT" | "MODIFY" | "REMOVE";
  eventVersion: "1.1";
  eventSource: "aws:dynamodb";
  awsRegion: string;
  dynamodb: {
    /** In seconds. */
    ApproximateCreationDateTime: number;
    Keys: Item;
    NewImage?: Item;
    OldImage?: Item;
    SequenceNumber: string;
    SizeBytes: number;
    StreamViewType: ViewType;
  };
  /** Set for changes that DynamoDB makes by itself. */
  userIdentity?: { PrincipalId: string; Type: string };
}

/** Adds a change of an item to the table's stream, if that is enabled. A change of nothing is none. */
export function capture(transaction: Transaction, table: Table, before?: Item, after?: Item): void {
  const item = after ?? before;
  const stream = item && streamOf(transaction, table);
  if (!stream || (before && after && canonical(before) === canonical(after))) return;
  const keys = Object.fromEntries(table.KeySchema.map(({ AttributeName: name }) => [name, item[name] ?? {}]));
  const images = imagesOf(stream.viewType, before, after);
  const last = nextSequenceNumber(stream);
  const record: StreamRecord = {
    eventID: randomBytes(16).toString("hex"),
    eventName: before ? (after ? "MODIFY" : "REMOVE") : "INSERT",
    eventVersion: "1.1",
    eventSource: "aws:dynamodb",
    awsRegion: transaction.tableDb.awsRegion,
    dynamodb: {
      ApproximateCreationDateTime: Math.floor(Date.now() / 1000),
      Keys: keys,
      ...images,
      SequenceNumber: last,
      SizeBytes: [keys, ...Object.values(images)].reduce((sum, image) => sum + (image ? itemSize(image) : 0), 0),
      StreamViewType: stream.viewType,
    },
    userIdentity: transaction.userIdentity,
  };
  transaction.set(recordsOf(stream) + last, record);
  transaction.streams.add(stream.arn);
  putStream(transaction, { ...stream, last });
}

function imagesOf(viewType: ViewType, before?: Item, after?: Item): { NewImage?: Item; OldImage?: Item } {
  const both = viewType === "NEW_AND_OLD_IMAGES";
  return {
    ...(after && (both || viewType === "NEW_IMAGE") && { NewImage: after }),
    ...(before && (both || viewType === "OLD_IMAGE") && { OldImage: before }),
  };
}

/** Later than all before it, even if the clock was set back. */
function nextSequenceNumber({ last }: Stream): string {
  const now = sequenceNumberAt(Date.now());
  return now > last ? now : String(BigInt(last) + 1n);
}
