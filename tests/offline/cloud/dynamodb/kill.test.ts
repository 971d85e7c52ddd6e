import { spawn } from "node:child_process";
import { once } from "node:events";
import * as path from "node:path";
import { createInterface } from "node:readline";
import { expect } from "chai";
import { buildSync } from "esbuild";
import { Database } from "../../../../offline/cloud/dynamodb/database";
import { OPERATIONS } from "../../../../offline/cloud/dynamodb/operations";
import { replay, tail } from "../../../helpers/offline/streams";
import { temporaryFolder } from "../../../helpers/temporaryFolder";

/** `KILLS=200 npx mocha …` tries more. */
const KILLS = Number(process.env.KILLS ?? 15);
const WRITER = path.resolve(__dirname, "../../../helpers/offline/tableWriter.ts");
const PACKAGES = path.resolve(__dirname, "../../../../node_modules");
const TableName = "items";

type Item = Record<string, Record<string, string>>;

/** What an item can be: what was acknowledged last, or else what was being written. */
type Expected = Map<string, (Item | null)[]>;

describe("DynamoDB's tables, when the process is killed", () => {
  it("have all that was acknowledged, no half of a transaction, and indexes and a stream that fit the items", async function () {
    this.timeout(KILLS * 10_000);
    const folder = temporaryFolder();
    const writer = path.join(temporaryFolder(), "tableWriter.cjs");
    // A bundle starts in half the time.
    buildSync({ entryPoints: [WRITER], bundle: true, platform: "node", packages: "external", outfile: writer });
    const expected: Expected = new Map();
    let acknowledged = 0;
    for (let kill = 0; kill < KILLS; kill++) {
      acknowledged += await writeUntilKilled(writer, folder, expected);
      await verify(folder, expected, kill);
    }
    expect(acknowledged).to.be.greaterThan(KILLS);
  });
});

/** Starts a writer, kills it after some lines of its output, and notes what it said. Returns how much was acknowledged. */
async function writeUntilKilled(writer: string, folder: string, expected: Expected): Promise<number> {
  const child = spawn(process.execPath, [writer, folder, Math.random() < 0.5 ? "S" : "N"], {
    env: { ...process.env, NODE_PATH: PACKAGES },
    stdio: ["ignore", "pipe", "inherit"],
  });
  let linesLeft = Math.floor(Math.random() ** 2 * 200);
  let acknowledged = 0;
  createInterface({ input: child.stdout }).on("line", (line) => {
    // The last line may be cut off.
    if (!line.endsWith("]")) return;
    const [event, id, item] = JSON.parse(line) as [string, string, Item | null];
    if (event === "begins") expected.set(id, [...(expected.get(id) ?? [null]).slice(-1), item]);
    if (event === "acknowledged") expected.set(id, (expected.get(id) ?? []).slice(-1));
    if (event === "acknowledged") acknowledged++;
    if (linesLeft-- === 0) child.kill("SIGKILL");
  });
  await once(child, "close");
  return acknowledged;
}

async function verify(folder: string, expected: Expected, kill: number): Promise<void> {
  const options = { region: "eu-west-1", account: "123456789012", operations: OPERATIONS, folder, log: () => {} };
  const database = await Database.open(options);
  const { TableNames } = await database.call<{ TableNames: string[] }>("ListTables", {});
  const items = TableNames.includes(TableName) ? await scan(database, TableName) : [];
  for (const [id, candidates] of expected) {
    const item = items.find((one) => one.id?.S === id) ?? null;
    expect(candidates, `after kill ${kill}`).to.deep.include(item);
    expected.set(id, [item]);
  }
  if (TableNames.includes(TableName)) {
    type Described = { Table: { AttributeDefinitions: { AttributeName: string; AttributeType: string }[] } };
    const { Table } = await database.call<Described>("DescribeTable", { TableName });
    const type = Table.AttributeDefinitions.find(({ AttributeName }) => AttributeName === "rank")?.AttributeType ?? "";
    const fitting = items.filter(({ rank }) => rank?.[type] !== undefined);
    for (const index of ["first", "second"]) {
      expect(await scan(database, TableName, index), `index ${index} after kill ${kill}`).to.have.deep.members(fitting);
    }
    const inTransactions = items.filter(({ id }) => Number(id?.S?.[0]) % 2 === 1);
    expect(await scan(database, "mirror"), `mirror after kill ${kill}`).to.have.deep.members(inTransactions);
    const replayed = replay(await tail(database.call.bind(database), TableName), "id");
    expect(replayed, `stream after kill ${kill}`).to.have.deep.members(items);
  }
  await database.close();
}

async function scan(database: Database, TableName: string, IndexName?: string): Promise<Item[]> {
  const input = { TableName, ...(IndexName && { IndexName }) };
  return (await database.call<{ Items: Item[] }>("Scan", input)).Items;
}
