import { TransactGetItemsCommand, TransactWriteItemsCommand } from "@aws-sdk/client-dynamodb";
import { type DynamoDBDocumentClient, GetCommand, PutCommand, UpdateCommand } from "@aws-sdk/lib-dynamodb";
import { expect } from "chai";
import { dynamoOf, scanAll, streamsOf } from "../../../helpers/offline/dynamodb";
import { graphOf, table } from "../../../helpers/offline/graph";
import { closeServers, type Served, serveGraph } from "../../../helpers/offline/served";
import { replay, tail } from "../../../helpers/offline/streams";
import { temporaryFolder } from "../../../helpers/temporaryFolder";

const directory = temporaryFolder();
const TableName = "accounts";
const ACCOUNTS = 6;
const BALANCE = 10;
const WORKERS = 10;
const ROUNDS = 12;

const random = (below: number) => Math.floor(Math.random() * below);
const accounts = Array.from({ length: ACCOUNTS }, (_, index) => `account-${index}`);

describe("DynamoDB's tables under parallel writes", () => {
  let server: Served;
  let client: DynamoDBDocumentClient;

  beforeEach(async () => {
    const inputs = {
      attributes: [
        { name: "id", type: "S" },
        { name: "balance", type: "N" },
      ],
      globalSecondaryIndexes: [{ name: "byBalance", hashKey: "balance", projectionType: "ALL" }],
      ...{ streamEnabled: true, streamViewType: "NEW_AND_OLD_IMAGES" },
    };
    server = await serveGraph(graphOf(directory, table(TableName, inputs)), { data: temporaryFolder() });
    client = dynamoOf(server);
    for (const id of accounts) {
      await client.send(new PutCommand({ TableName, Item: { id, balance: BALANCE, version: 0 } }));
    }
  });
  afterEach(closeServers);

  /** Moves one unit, unless there is none. Returns whether it did. */
  async function transfer(from: string, to: string): Promise<boolean> {
    const change = (id: string, by: number, ConditionExpression: string) => ({
      Update: {
        ...{ TableName, Key: { id: { S: id } }, ConditionExpression },
        UpdateExpression: "ADD balance :by",
        ExpressionAttributeValues: { ":by": { N: String(by) }, ...(by < 0 && { ":none": { N: "0" } }) },
      },
    });
    const TransactItems = [change(from, -1, "balance > :none"), change(to, 1, "attribute_exists(id)")];
    return succeeds(client.send(new TransactWriteItemsCommand({ TransactItems })), "TransactionCanceledException");
  }

  /** Counts an account's version up from the one that was read, as optimistic locking does. */
  async function countUp(id: string): Promise<boolean> {
    const { Item: found } = await client.send(new GetCommand({ TableName, Key: { id }, ConsistentRead: true }));
    const update = new UpdateCommand({
      ...{ TableName, Key: { id } },
      ...{ UpdateExpression: "SET version = :next", ConditionExpression: "version = :version" },
      ExpressionAttributeValues: { ":version": found?.version, ":next": Number(found?.version) + 1 },
    });
    return succeeds(client.send(update), "ConditionalCheckFailedException");
  }

  async function total(): Promise<number> {
    const TransactItems = accounts.map((id) => ({ Get: { TableName, Key: { id: { S: id } } } }));
    const { Responses = [] } = await client.send(new TransactGetItemsCommand({ TransactItems }));
    return Responses.reduce((sum, { Item }) => sum + Number(Item?.balance?.N), 0);
  }

  it("lose none, show no half of a transaction, and keep their indexes and the stream", async function () {
    this.timeout(120_000);
    const counts = { versions: 0, transfers: 0, failures: 0 };
    const work = async () => {
      for (let round = 0; round < ROUNDS; round++) {
        const [from, to] = [random(ACCOUNTS), 1 + random(ACCOUNTS - 1)];
        const moved = await transfer(accounts[from] ?? "", accounts[(from + to) % ACCOUNTS] ?? "");
        const counted = await countUp("account-0");
        counts[moved ? "transfers" : "failures"]++;
        if (counted) counts.versions++;
        expect(await total()).to.equal(ACCOUNTS * BALANCE);
      }
    };
    await Promise.all(Array.from({ length: WORKERS }, work));
    const items = await scanAll(server, TableName);
    expect(items.map(({ id }) => id)).to.deep.equal(accounts);
    expect(items[0]?.version).to.equal(counts.versions).and.be.greaterThan(0);
    expect(counts.transfers).to.be.greaterThan(0);
    expect(items.every(({ balance }) => Number(balance) >= 0)).to.equal(true);
    expect(await scanAll(server, TableName, "byBalance")).to.deep.equal(items);
    const records = await tail(streamsOf(server), TableName);
    expect(records).to.have.length(ACCOUNTS + counts.versions + 2 * counts.transfers);
    const replayed = replay(records, "id").map(({ id, balance }) => [id?.S, Number(balance?.N)]);
    expect(replayed.sort()).to.deep.equal(items.map(({ id, balance }) => [id, balance]));
  });
});

async function succeeds(call: Promise<unknown>, refusal: string): Promise<boolean> {
  try {
    await call;
    return true;
  } catch (error) {
    if ((error as Error).name !== refusal) throw error;
    return false;
  }
}
