import {
  DeleteCommand,
  type DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  ScanCommand,
  UpdateCommand,
} from "@aws-sdk/lib-dynamodb";
import type { Revisions } from "../http/entityTags";
import { ifConditionHolds } from "../state/database";
import { contentProperties, type Item, type ItemContent, itemFrom } from "./schema";

export interface StoredItem {
  item: Item;
  /** Identifies this state of the item. */
  revision: string;
  /** The item's first revision: shows who created it. */
  creation: string;
}

/** Where a list continues: the key of the last item. */
export interface Position {
  id: string;
}

/** The outcome of a conditional write, and the current item, if it exists. */
export type Outcome<Current = StoredItem> =
  | { written: true; current: Current }
  | { written: false; current?: StoredItem };

/** The items' table. Every write is one conditional call, so nothing is ever half-written or lost to a race. */
export class ItemStore {
  constructor(
    private readonly database: DynamoDBDocumentClient,
    private readonly table: string,
  ) {}

  /**
   * A page of items in the table's own order. Eventually consistent: half the price, and a list is outdated by the time
   * it is read anyway.
   */
  async list(limit: number, after?: Position): Promise<{ items: Item[]; last?: Position }> {
    const page = await this.database.send(
      new ScanCommand({ TableName: this.table, Limit: limit, ExclusiveStartKey: after && { id: after.id } }),
    );
    const last = page.LastEvaluatedKey;
    return { items: (page.Items ?? []).map(itemFrom), ...(last && { last: { id: String(last.id) } }) };
  }

  /** The item as the last write left it. */
  async read(id: string): Promise<StoredItem | undefined> {
    const { Item: record } = await this.database.send(
      new GetCommand({ TableName: this.table, Key: { id }, ConsistentRead: true }),
    );
    return record && stored(record);
  }

  /** Creates the item, once: if an item with this revision already exists, it counts as written. */
  async create(item: Item, revision: string): Promise<Outcome> {
    const put = new PutCommand({
      TableName: this.table,
      Item: { ...item, revision, creation: revision },
      ConditionExpression: "attribute_not_exists(id)",
    });
    const done = await ifConditionHolds(this.database.send(put));
    if (done) return { written: true, current: { item, revision, creation: revision } };
    const current = await this.read(item.id);
    return current?.creation === revision ? { written: true, current } : { written: false, current };
  }

  /** Replaces the properties that callers set, if the item has one of the revisions; an absent property is removed. */
  async replace(id: string, content: ItemContent, revision: string, expected: Revisions): Promise<Outcome> {
    const next: Record<string, unknown> = { ...content, updatedAt: new Date().toISOString(), revision };
    const names = [...contentProperties, "updatedAt", "revision"];
    const set = names.filter((name) => next[name] !== undefined);
    const removed = names.filter((name) => next[name] === undefined);
    const condition = conditionOf(expected);
    const update = new UpdateCommand({
      TableName: this.table,
      Key: { id },
      UpdateExpression: [
        `SET ${set.map((name) => `#${name} = :${name}`).join(", ")}`,
        ...(removed.length > 0 ? [`REMOVE ${removed.map((name) => `#${name}`).join(", ")}`] : []),
      ].join(" "),
      ConditionExpression: condition.expression,
      ExpressionAttributeNames: Object.fromEntries(names.map((name) => [`#${name}`, name])),
      ExpressionAttributeValues: {
        ...Object.fromEntries(set.map((name) => [`:${name}`, next[name]])),
        ...condition.values,
      },
      ReturnValues: "ALL_NEW",
    });
    const done = await ifConditionHolds(this.database.send(update));
    if (done?.Attributes) return { written: true, current: stored(done.Attributes) };
    const current = await this.read(id);
    // The SDK may have sent the write twice; then the first one changed what the second expected.
    return current?.revision === revision ? { written: true, current } : { written: false, current };
  }

  async remove(id: string, expected: Revisions): Promise<Outcome<undefined>> {
    const condition = conditionOf(expected);
    const remove = new DeleteCommand({
      TableName: this.table,
      Key: { id },
      ConditionExpression: condition.expression,
      ...(condition.values && {
        ExpressionAttributeNames: { "#revision": "revision" },
        ExpressionAttributeValues: condition.values,
      }),
    });
    const done = await ifConditionHolds(this.database.send(remove));
    return done ? { written: true, current: undefined } : { written: false, current: await this.read(id) };
  }
}

function stored(record: Record<string, unknown>): StoredItem {
  return { item: itemFrom(record), revision: String(record.revision), creation: String(record.creation) };
}

function conditionOf(expected: Revisions): { expression: string; values?: Record<string, string> } {
  if (expected === "*") return { expression: "attribute_exists(id)" };
  // IN does not allow an empty list, and no revision is empty.
  const values = Object.fromEntries(["", ...expected].map((revision, index) => [`:expected${index}`, revision]));
  return { expression: `#revision IN (${Object.keys(values).join(", ")})`, values };
}
