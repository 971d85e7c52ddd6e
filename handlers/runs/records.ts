import { type DynamoDBDocumentClient, GetCommand, QueryCommand, ScanCommand } from "@aws-sdk/lib-dynamodb";
import type { Run, RunState } from "pulumi-graviton/etl/run/runs";

/** The key of a record, in the table or in its index. */
export type Position = Partial<Run>;

/** The records of an EtlPipeline's runs. */
export class RunRecords {
  constructor(
    private readonly database: DynamoDBDocumentClient,
    private readonly table: string,
  ) {}

  /** A page of runs: of a state the newest first, otherwise of all in the table's own order. */
  async list(limit: number, state?: RunState, after?: Position): Promise<{ runs: Run[]; last?: Position }> {
    const page = { TableName: this.table, Limit: limit, ExclusiveStartKey: after };
    const { Items = [], LastEvaluatedKey: last } = await (state === undefined
      ? this.database.send(new ScanCommand(page))
      : this.database.send(new QueryCommand({ ...page, ...withState(state) })));
    return { runs: Items as Run[], ...(last && { last }) };
  }

  async read(id: string): Promise<Run | undefined> {
    const get = new GetCommand({ TableName: this.table, Key: { id }, ConsistentRead: true });
    return (await this.database.send(get)).Item as Run | undefined;
  }
}

function withState(state: RunState) {
  return {
    IndexName: "byState",
    KeyConditionExpression: "#state = :state",
    ExpressionAttributeNames: { "#state": "state" },
    ExpressionAttributeValues: { ":state": state },
    ScanIndexForward: false,
  };
}
