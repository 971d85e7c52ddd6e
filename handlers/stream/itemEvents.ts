import type { TransactionCanceledException } from "@aws-sdk/client-dynamodb";
import {
  type DynamoDBDocumentClient,
  TransactWriteCommand,
  type TransactWriteCommandInput,
} from "@aws-sdk/lib-dynamodb";
import { newRevision } from "../http/entityTags";
import { errorFields } from "../http/problem";
import { contentProperties } from "../items/schema";
import type { ItemEvent } from "./events";

/** Seconds for which an event is known to have arrived: longer than the largest age for which Lambda retries a record. */
const remembered = 8 * 24 * 60 * 60;
/**
 * Sequence numbers have at most 128 digits. With zeros before them, the order of their texts is that of the numbers,
 * and so is that of a partition key's records, even over shards that are split or merged.
 */
const sequenceDigits = 128;

type Write = NonNullable<TransactWriteCommandInput["TransactItems"]>[number];

/** Item events on their way to the items' table. */
export class ItemEvents {
  constructor(
    private readonly database: DynamoDBDocumentClient,
    private readonly table: string,
    /** Remembers the events, and up to which one each item is. */
    private readonly records: string,
  ) {}

  /**
   * Applies an event, unless it has been applied before, or a later one of its item has: both are normal after a retry.
   * Events carry whole items, so that nothing is lost with an earlier one. One transaction writes the item and
   * remembers the event: a crash leaves both or neither.
   * @returns why DynamoDB can never store it, or undefined
   */
  async apply(event: ItemEvent, sequenceNumber: string): Promise<string | undefined> {
    const expiresAt = Math.floor(Date.now() / 1000) + remembered;
    const sequence = sequenceNumber.padStart(sequenceDigits, "0");
    const TransactItems = [
      {
        Put: {
          TableName: this.records,
          Item: { id: `item-event/${event.eventId}`, expiresAt },
          ConditionExpression: "attribute_not_exists(id)",
        },
      },
      {
        Update: {
          TableName: this.records,
          Key: { id: `item-position/${event.item.id}` },
          UpdateExpression: "SET #sequence = :sequence, expiresAt = :expiresAt",
          ConditionExpression: "attribute_not_exists(#sequence) OR #sequence < :sequence",
          ExpressionAttributeNames: { "#sequence": "sequence" },
          ExpressionAttributeValues: { ":sequence": sequence, ":expiresAt": expiresAt },
        },
      },
      this.writeOf(event),
    ];
    try {
      await this.database.send(new TransactWriteCommand({ TransactItems }));
      return undefined;
    } catch (error) {
      return refusalIn(error);
    }
  }

  private writeOf({ type, at, item: { id, ...content } }: ItemEvent): Write {
    const TableName = this.table;
    if (type === "deleted") return { Delete: { TableName, Key: { id } } };
    const revision = newRevision();
    const values: Record<string, unknown> = { ...content, createdAt: at, updatedAt: at, revision, creation: revision };
    const names = [...contentProperties, "createdAt", "updatedAt", "revision", "creation"];
    const set = names.filter((name) => values[name] !== undefined);
    const removed = names.filter((name) => values[name] === undefined);
    // An item that exists keeps what says when, and by whom, it was created.
    const expressionFor = (name: string) => (/^creat/.test(name) ? `if_not_exists(#${name}, :${name})` : `:${name}`);
    return {
      Update: {
        TableName,
        Key: { id },
        UpdateExpression: [
          `SET ${set.map((name) => `#${name} = ${expressionFor(name)}`).join(", ")}`,
          ...(removed.length > 0 ? [`REMOVE ${removed.map((name) => `#${name}`).join(", ")}`] : []),
        ].join(" "),
        ExpressionAttributeNames: Object.fromEntries(names.map((name) => [`#${name}`, name])),
        ExpressionAttributeValues: Object.fromEntries(set.map((name) => [`:${name}`, values[name]])),
      },
    };
  }
}

/**
 * Why an event can never be stored; undefined if it, or a later one, is stored already.
 * @throws the error if another attempt may succeed
 */
function refusalIn(error: unknown): string | undefined {
  const { name, message } = errorFields(error);
  if (name === "ValidationException") return `DynamoDB refuses the item: ${message}`;
  if (name !== "TransactionCanceledException") throw error;
  const reasons = (error as TransactionCanceledException).CancellationReasons ?? [];
  const invalid = reasons.find(({ Code }) => Code === "ValidationError");
  if (invalid) return `DynamoDB refuses the item: ${invalid.Message}`;
  if (reasons.some(({ Code }) => Code === "ConditionalCheckFailed")) return undefined;
  throw error;
}
