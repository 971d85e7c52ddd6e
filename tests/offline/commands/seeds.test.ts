import * as fs from "node:fs";
import * as path from "node:path";
import { expect } from "chai";
import { DurableStore } from "../../../offline/cloud/dynamodb/durableStore";
import { begin } from "../../helpers/offline/cli";
import { until } from "../../helpers/offline/served";
import { shop } from "../../helpers/offline/shop";
import { type Started, startOffline } from "../../helpers/offline/start";

describe("pulumi-offline start --seed and pulumi-offline wipe", function () {
  // Each test starts the command several times.
  this.timeout(60_000);
  let folder: string;
  let data: string;
  let started: Started | undefined;

  beforeEach(() => {
    folder = shop();
    data = path.join(folder, ".data");
    fs.mkdirSync(path.join(folder, "seeds"));
  });
  afterEach(() => started?.interrupt());

  const seeds = (file: string, content: unknown) =>
    fs.writeFileSync(path.join(folder, "seeds", file), typeof content === "string" ? content : JSON.stringify(content));
  const start = async (...parameters: string[]) => {
    started = await startOffline(["--seed", path.join(folder, "seeds"), ...parameters], folder);
  };
  const stop = async () => started?.interrupt();
  const wipe = (...parameters: string[]) => begin("wipe", ...parameters).ended;

  /** The names of the program's tables, which are the same in each of its copies. */
  const names = new Map<string, string>();
  async function nameOf(output: string): Promise<string> {
    const name = names.get(output) ?? (await begin("output", output, "--cwd", folder).ended).out.trim();
    names.set(output, name);
    return name;
  }

  /** The items of a table in DynamoDB's JSON, as a function reads them. */
  async function items(output: string): Promise<unknown> {
    const event = JSON.stringify({ TableName: await nameOf(output) });
    return JSON.parse((await begin("invoke", "main", "--event", event, "--cwd", folder).ended).out);
  }

  it("fills new tables from files that are named after them, and from what aws dynamodb scan prints", async () => {
    seeds("orders.json", [{ id: "1", lamps: 2, paid: true, note: null, lines: [{ price: 1.5 }] }]);
    seeds("customers.json", { Items: [{ id: { S: "ada" }, tags: { SS: ["a", "b"] } }], Count: 1 });
    await start();
    expect(await items("orders")).to.deep.equal([
      {
        id: { S: "1" },
        lamps: { N: "2" },
        paid: { BOOL: true },
        note: { NULL: true },
        lines: { L: [{ M: { price: { N: "1.5" } } }] },
      },
    ]);
    expect(await items("customers")).to.deep.equal([{ id: { S: "ada" }, tags: { SS: ["a", "b"] } }]);
    expect(started?.output()).to.contain("table orders: 1 item from ");
  });

  it("never writes seeds to a table that --data keeps", async () => {
    seeds("all.json", { orders: [{ id: "1", from: "seeds" }] });
    await start("--data", data);
    await stop();
    seeds("all.json", { orders: [{ id: "1", from: "later seeds" }, { id: "2" }] });
    await start("--data", data);
    expect(await items("orders")).to.deep.equal([{ id: { S: "1" }, from: { S: "seeds" } }]);
    expect(started?.output()).to.contain("table orders exists already: ");
  });

  it("names every mistake in the seeds at once, and stores nothing", async () => {
    seeds("broken.json", "[{");
    seeds("customers.json", { customers: { id: "1" } });
    seeds("mixed.json", { oders: [], orders: [{ idd: "1" }, { id: 2 }, { id: "3" }, { id: "3" }] });
    const { code, error } = await begin(
      "start",
      "--port",
      "0",
      "--seed",
      `${folder}/seeds`,
      "--data",
      data,
      "--cwd",
      folder,
    ).ended;
    expect(code).to.equal(1);
    const [, broken, ...others] = error.replaceAll(`${folder}/seeds/`, "").split("\n").slice(0, -1);
    expect(broken).to.match(/^error: broken\.json: Expected property name or '}' in JSON at position 2/);
    expect(others).to.deep.equal([
      'customers.json: what it has for the table "customers" is not a list of items. ' +
        'Write {"TABLE": [{…}, {…}]}, or only the list in a file that is called TABLE.json.',
      'mixed.json: the program has no table "oders". Did you mean orders?',
      "mixed.json: item 1 of orders: One or more parameter values were invalid: Missing the key id in the item",
      "mixed.json: item 2 of orders: One or more parameter values were invalid: Type mismatch for key id expected: S actual: N",
      "mixed.json: item 4 of orders: an earlier item has the same key",
    ]);
    fs.rmSync(path.join(folder, "seeds"), { recursive: true });
    fs.mkdirSync(path.join(folder, "seeds"));
    seeds("orders.json", [{ id: "1" }]);
    await start("--data", data);
    expect(await items("orders")).to.have.lengthOf(1);
  });

  it("wipes only what was stored, and not while a start uses it", async () => {
    seeds("orders.json", [{ id: "1" }]);
    await start("--data", data);
    const inUse = await wipe("--data", data, "--yes");
    expect(inUse).to.deep.include({ code: 1, out: "" });
    expect(inUse.error).to.equal(
      `error: ${data} cannot be wiped: it is in use: end the start that uses it. Nothing was deleted.\n`,
    );
    expect(await items("orders")).to.have.lengthOf(1);
    await stop();
    fs.writeFileSync(path.join(data, "mine.txt"), "");
    const unasked = await wipe("--data", data);
    expect(unasked).to.deep.include({ code: 1, out: "" });
    expect(unasked.error).to.contain("add --yes");
    expect((await wipe("--data", data, "--yes")).out).to.equal(`deleted dynamodb, credentials.json in ${data}\n`);
    expect(fs.readdirSync(data)).to.deep.equal(["mine.txt"]);
    await start("--data", data);
    expect(await items("orders")).to.have.lengthOf(1);
  });

  it("keeps every other start out until the buckets are deleted", async () => {
    const buckets = path.join(data, "s3");
    const tables = path.join(data, "dynamodb");
    fs.mkdirSync(buckets, { recursive: true });
    const open = () => DurableStore.open({ folder: tables, log: () => undefined });
    await (await open()).close();
    fs.writeFileSync(path.join(data, "credentials.json"), '{ "accessKeyId": "a", "secretAccessKey": "s" }');
    for (let file = 0; file < 3000; file++) fs.writeFileSync(path.join(buckets, String(file)), "");
    const changed = () => fs.statSync(buckets, { throwIfNoEntry: false })?.mtimeMs;
    const complete = changed();
    const wiped = wipe("--data", data, "--yes");
    await until(() => changed() !== complete);
    const areTablesGone = !fs.existsSync(tables);
    expect(areTablesGone && fs.existsSync(buckets)).to.equal(false);
    const other = await open().catch(() => undefined);
    expect(other !== undefined && fs.existsSync(buckets)).to.equal(false);
    await other?.close();
    // It is refused if the other one has just got the lock.
    await wiped;
    expect(fs.existsSync(buckets)).to.equal(false);
  });

  it("wipes no folder that start has not written", async () => {
    fs.mkdirSync(path.join(data, "dynamodb"), { recursive: true });
    const { code, error } = await wipe("--data", data, "--yes");
    expect(code).to.equal(1);
    expect(error).to.contain(`${data} is not a folder that start --data has written`);
    expect(fs.readdirSync(data)).to.deep.equal(["dynamodb"]);
  });
});
