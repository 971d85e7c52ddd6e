import { type DynamoDBDocumentClient, GetCommand, PutCommand } from "@aws-sdk/lib-dynamodb";
import type { SummaryRecord } from "../../handlers/jobs/summary";
import type { Settings } from "./settings";
import type { Totals } from "./totals";

/** The progress of the scan. */
export interface Checkpoint {
  totals: Totals;
  /** The key after which the scan continues; none before the first page. */
  after?: Record<string, unknown>;
}

type Stored = SummaryRecord<Checkpoint>;

/** This job's record in the summaries' table. */
export class JobRecord {
  constructor(
    private readonly database: DynamoDBDocumentClient,
    private readonly settings: Settings,
  ) {}

  async read(): Promise<Stored | undefined> {
    const { summariesTable: TableName, id } = this.settings;
    const get = new GetCommand({ TableName, Key: { id }, ConsistentRead: true });
    return (await this.database.send(get)).Item as Stored | undefined;
  }

  /**
   * Overwrites what this attempt or an earlier one wrote.
   * @throws ConditionalCheckFailedException if a later attempt has written: an earlier one may still be running on its
   * host
   */
  async write(content: Pick<Stored, "checkpoint" | "summary">): Promise<void> {
    const { summariesTable: TableName, id, attempt } = this.settings;
    const put = new PutCommand({
      TableName,
      Item: { id, attempt, ...content },
      ConditionExpression: "attribute_not_exists(id) OR attempt <= :attempt",
      ExpressionAttributeValues: { ":attempt": attempt },
    });
    await this.database.send(put);
  }
}
