import type { DynamoDBServiceException } from "@aws-sdk/client-dynamodb";
import {
  ExecuteStatementCommand,
  type ExecuteStatementCommandInput,
  type ExecuteStatementCommandOutput,
  PutCommand,
} from "@aws-sdk/lib-dynamodb";
import { dynamoOf } from "./dynamodb";
import type { Served } from "./served";

type Item = Record<string, unknown>;

/** Runs PartiQL statements through the AWS SDK. */
export class Statements {
  constructor(readonly server: Served) {}

  async put(TableName: string, ...items: Item[]): Promise<void> {
    for (const item of items) await dynamoOf(this.server).send(new PutCommand({ TableName, Item: item }));
  }

  send(Statement: string, options: Partial<ExecuteStatementCommandInput> = {}): Promise<ExecuteStatementCommandOutput> {
    return dynamoOf(this.server).send(new ExecuteStatementCommand({ Statement, ...options }));
  }

  /** The items that a statement answers with. */
  async items(Statement: string, ...parameters: unknown[]): Promise<Item[]> {
    const Parameters = parameters.length > 0 ? parameters : undefined;
    return (await this.send(Statement, { Parameters })).Items ?? [];
  }

  /** What a statement is refused with, as `Code: message`, or its items if it is not refused. */
  refusal(Statement: string, ...parameters: unknown[]): Promise<unknown> {
    return this.items(Statement, ...parameters).catch(
      ({ name, message }: DynamoDBServiceException) => `${name}: ${message}`,
    );
  }
}
