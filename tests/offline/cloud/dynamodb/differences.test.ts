import type { DescribeTableOutput } from "@aws-sdk/client-dynamodb";
import { expect } from "chai";
import { Database } from "../../../../offline/cloud/dynamodb/database";
import { OPERATIONS } from "../../../../offline/cloud/dynamodb/operations";
import { Tables } from "../../../../offline/cloud/dynamodb/tables";
import { at } from "../../../helpers/clock";
import { DOCUMENTATION, testFacts } from "../../../helpers/facts";
import { callDynamo, refusalOf } from "../../../helpers/offline/dynamodb";
import { graphOf, table } from "../../../helpers/offline/graph";
import { closeServers, type Served, serveGraph } from "../../../helpers/offline/served";
import { temporaryFolder } from "../../../helpers/temporaryFolder";

const directory = temporaryFolder();
const TableName = "items";
const SIX_HOURS = 6 * 60 * 60 * 1000;

/** The number of shards that the stream of a table has after six hours. */
async function shardsLater(): Promise<number> {
  const options = { region: "eu-west-1", account: "123456789012", operations: OPERATIONS, log: () => {} };
  const database = await Database.open(options);
  const tables = new Tables(database);
  await tables.reconcile(graphOf(directory, table(TableName, { streamEnabled: true, streamViewType: "KEYS_ONLY" })));
  const { Table } = await database.call<DescribeTableOutput>("DescribeTable", { TableName });
  type Described = { StreamDescription: { Shards: object[] } };
  const { StreamDescription } = await at(Date.now() + SIX_HOURS, async () => {
    await tables.sweep(Date.now());
    await database.call("PutItem", { TableName, Item: { id: { S: "1" } } });
    return database.call<Described>("DescribeStream", { StreamArn: Table?.LatestStreamArn });
  });
  await tables.close();
  return StreamDescription.Shards.length;
}

const rows: { fact: string; differs: string; check: (server: Served) => Promise<void> }[] = [
  {
    fact: "DescribeTable tells the number of items and their size, at most six hours old",
    differs: "`ItemCount` and `TableSizeBytes` are always 0",
    check: async (server) => {
      await callDynamo(server, "PutItem", { TableName, Item: { id: { S: "1" } } });
      const { Table } = await callDynamo<DescribeTableOutput>(server, "DescribeTable", { TableName });
      expect(Table?.ItemCount).to.equal(1);
    },
  },
  {
    fact: "A table with one write unit refuses writes of hundreds of units with ProvisionedThroughputExceededException",
    differs: "throughput is described, but never exceeded",
    check: async (server) => {
      const Item = { id: { S: "1" }, text: { S: "x".repeat(390_000) } };
      const answers: unknown[] = [];
      for (let call = 0; call < 4; call++) {
        answers.push((await refusalOf(server, "PutItem", { TableName: "provisioned", Item }))?.[0]);
      }
      expect(answers).to.include("ProvisionedThroughputExceededException");
    },
  },
  {
    fact: "Time to live cannot be changed again at once",
    differs: "it can",
    check: async (server) => {
      const update = (Enabled: boolean) =>
        refusalOf(server, "UpdateTimeToLive", {
          TableName,
          TimeToLiveSpecification: { Enabled, AttributeName: "expiresAt" },
        });
      await update(true);
      expect(await update(false)).to.deep.equal([
        "ValidationException",
        "Time to live has been modified multiple times within a fixed interval",
      ]);
    },
  },
  {
    fact: "CreateBackup makes a backup",
    differs: "not emulated: nothing is backed up",
    check: async (server) => {
      expect(await refusalOf(server, "CreateBackup", { TableName, BackupName: "first" })).to.equal(undefined);
    },
  },
  {
    fact: "A stream's shard ends after four hours, and has a successor",
    differs: "one shard for as long as the stream is enabled",
    check: async () => {
      expect(await shardsLater()).to.be.greaterThan(1);
    },
  },
];

describe("Where DynamoDB differs,", () => {
  let server: Served;
  before(async () => {
    const provisioned = { billingMode: "PROVISIONED", readCapacity: 1, writeCapacity: 1 };
    server = await serveGraph(graphOf(directory, table(TableName), table("provisioned", provisioned)));
  });
  after(closeServers);
  testFacts({ service: "DynamoDB", source: DOCUMENTATION, facts: rows }, ({ check }) => check(server));
});
