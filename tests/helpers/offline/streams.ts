import { expect } from "chai";
import type { StreamRecord } from "../../../offline/cloud/dynamodb/streams/capture";

type Item = NonNullable<StreamRecord["dynamodb"]["NewImage"]>;

/** Calls an operation of DynamoDB Streams: `streamsOf(server)`, or a database's `call`. */
type Call = <Answer extends object>(operation: string, input: object) => Promise<Answer>;

/** All records of a table's only stream. */
export async function tail(call: Call, TableName: string): Promise<StreamRecord[]> {
  const next = await follow(call, TableName);
  const records: StreamRecord[] = [];
  for (let page = await next(); page.length > 0; page = await next()) records.push(...page);
  return records;
}

/** Reads a table's only stream from its beginning: each call returns some of the records that come next, or none. */
export async function follow(call: Call, TableName: string): Promise<() => Promise<StreamRecord[]>> {
  const { Streams } = await call<{ Streams: { StreamArn: string }[] }>("ListStreams", { TableName });
  const StreamArn = Streams[0]?.StreamArn;
  type Description = { StreamDescription: { Shards: { ShardId: string }[] } };
  const { StreamDescription } = await call<Description>("DescribeStream", { StreamArn });
  const start = { StreamArn, ShardId: StreamDescription.Shards[0]?.ShardId, ShardIteratorType: "TRIM_HORIZON" };
  let { ShardIterator } = await call<{ ShardIterator?: string }>("GetShardIterator", start);
  return async () => {
    if (!ShardIterator) return [];
    type Page = { Records: StreamRecord[]; NextShardIterator?: string };
    const { Records, NextShardIterator } = await call<Page>("GetRecords", { ShardIterator });
    ShardIterator = NextShardIterator;
    return Records;
  };
}

/** The items that a table with an empty beginning has after these changes, each of which must fit those before it. */
export function replay(records: StreamRecord[], key: string): Item[] {
  const items = new Map<string, Item>();
  for (const { eventName, dynamodb } of records) {
    const id = JSON.stringify(dynamodb.Keys[key]);
    expect(items.get(id), dynamodb.SequenceNumber).to.deep.equal(dynamodb.OldImage);
    const expected = dynamodb.NewImage ? (dynamodb.OldImage ? "MODIFY" : "INSERT") : "REMOVE";
    expect(eventName).to.equal(expected);
    if (dynamodb.NewImage) items.set(id, dynamodb.NewImage);
    else items.delete(id);
  }
  return [...items.values()];
}
