import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import * as http from "node:http";
import type { AddressInfo } from "node:net";
import * as os from "node:os";
import * as path from "node:path";
import { GetCommand, PutCommand } from "@aws-sdk/lib-dynamodb";
import { expect } from "chai";
import { buildSync } from "esbuild";
import type { SummaryRecord } from "../../handlers/jobs/summary";
import { type Dynamo, startDynamo } from "../helpers/aws/dynamo";

const folder = mkdtempSync(path.join(os.tmpdir(), "summarise-"));
const script = path.join(folder, "index.js");

interface Run {
  code: number | null;
  logs: { level: string; message: string; items?: number }[];
}

/** Passes requests on to DynamoDB, but holds the nth Scan for ever and says so. */
async function startGate(target: string, nth: number, held: () => void) {
  let scans = 0;
  const server = http.createServer((request, response) => {
    const isScan = String(request.headers["x-amz-target"]).endsWith(".Scan");
    scans += isScan ? 1 : 0;
    if (isScan && scans === nth) return held();
    const { method, headers } = request;
    const onward = http.request(target, { method, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 500, answer.headers);
      answer.pipe(response);
    });
    request.pipe(onward);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const close = () => {
    server.close();
    server.closeAllConnections();
  };
  return { endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, close };
}

describe("the job summarise, as a process", () => {
  let dynamo: Dynamo;
  before(async () => {
    const entryPoints = [path.resolve(__dirname, "../../jobs/summarise/index.ts")];
    buildSync({ entryPoints, outfile: script, bundle: true, platform: "node", mainFields: ["module", "main"] });
    dynamo = await startDynamo("items", "more", "empty", "summaries");
    const put = (TableName: string, Item: object) => dynamo.client.send(new PutCommand({ TableName, Item }));
    const createdAt = (day: number) => new Date(Date.UTC(2026, 0, day)).toISOString();
    await put("items", { id: "a", name: "a", price: 0.1, quantity: 2, category: "home", createdAt: createdAt(1) });
    await put("items", { id: "b", name: "b", price: 0.2, createdAt: createdAt(3) });
    await put("items", { id: "c", name: "c", quantity: 5, createdAt: createdAt(2) });
    // 5 MB: a Scan returns 1 MB at a time.
    const padding = "x".repeat(250_000);
    await Promise.all(
      Array.from({ length: 20 }, (_, index) =>
        put("more", { id: `${index}`, name: `${index}`, price: index + 0.1, createdAt: createdAt(1 + index), padding }),
      ),
    );
  });
  after(async () => {
    rmSync(folder, { recursive: true });
    await dynamo.close();
  });

  function start(variables: Record<string, string>, started: (child: ChildProcess) => void = () => undefined) {
    const env = {
      PATH: process.env.PATH,
      AWS_ENDPOINT_URL: dynamo.endpoint,
      AWS_REGION: "eu-west-1",
      AWS_ACCESS_KEY_ID: "test",
      AWS_SECRET_ACCESS_KEY: "test",
      TABLE_NAME: "items",
      SUMMARIES_TABLE_NAME: "summaries",
      AWS_BATCH_JOB_ATTEMPT: "1",
      ...variables,
    };
    const child = spawn(process.execPath, [script], { env, stdio: ["ignore", "pipe", "ignore"] });
    started(child);
    let output = "";
    child.stdout.on("data", (chunk) => {
      output += chunk;
    });
    return new Promise<Run>((resolve) => {
      child.on("close", (code) => {
        const lines = output.split("\n").filter((line) => line !== "");
        resolve({ code, logs: lines.map((line) => JSON.parse(line)) });
      });
    });
  }

  /** Runs the job and stops it while it waits for its nth page. */
  async function interrupt(
    nth: number,
    variables: Record<string, string>,
    signal: NodeJS.Signals = "SIGTERM",
  ): Promise<Run> {
    let child: ChildProcess | undefined;
    const gate = await startGate(dynamo.endpoint, nth, () => child?.kill(signal));
    try {
      return await start({ AWS_ENDPOINT_URL: gate.endpoint, ...variables }, (started) => {
        child = started;
      });
    } finally {
      gate.close();
    }
  }

  const recordOf = async (id: string) => {
    const { Item } = await dynamo.client.send(new GetCommand({ TableName: "summaries", Key: { id } }));
    return Item as SummaryRecord | undefined;
  };
  const summaryOf = async (id: string) => (await recordOf(id))?.summary;

  it("counts the items, their prices and quantities, and finds the newest", async () => {
    const { code, logs } = await start({ AWS_BATCH_JOB_ID: "plain" });
    expect(code).to.equal(0);
    expect(logs.map(({ message, items }) => [message, items])).to.deep.equal([
      ["Read a page", 3],
      ["Done", 3],
    ]);
    const { finishedAt, ...summary } = (await summaryOf("plain")) ?? {};
    expect(Date.parse(String(finishedAt))).to.be.greaterThan(0);
    expect(summary).to.deep.equal({
      id: "plain",
      items: 3,
      quantity: 7,
      prices: { count: 2, sum: 0.3, minimum: 0.1, maximum: 0.2, average: 0.15 },
      newest: { id: "b", name: "b", createdAt: "2026-01-03T00:00:00.000Z" },
    });
  });

  it("summarises one category, and an empty table", async () => {
    await start({ AWS_BATCH_JOB_ID: "home", CATEGORY: "home" });
    expect(await summaryOf("home")).to.deep.include({ items: 1, category: "home" });
    await start({ AWS_BATCH_JOB_ID: "empty", TABLE_NAME: "empty" });
    expect(await summaryOf("empty")).to.deep.include({ items: 0, quantity: 0, prices: { count: 0, sum: 0 } });
  });

  it("does nothing when the summary exists", async () => {
    await start({ AWS_BATCH_JOB_ID: "twice" });
    const first = await recordOf("twice");
    const { code, logs } = await start({ AWS_BATCH_JOB_ID: "twice", AWS_BATCH_JOB_ATTEMPT: "2", TABLE_NAME: "more" });
    expect(code).to.equal(0);
    expect(logs).to.have.length(1);
    expect(await recordOf("twice")).to.deep.equal(first);
  });

  it("continues after SIGTERM where it stopped, with no item counted twice or left out", async () => {
    const job = { AWS_BATCH_JOB_ID: "interrupted", TABLE_NAME: "more" };
    await start({ ...job, AWS_BATCH_JOB_ID: "undisturbed" });
    const first = await interrupt(3, job);
    expect(first.code).to.equal(143);
    expect(await summaryOf("interrupted")).to.equal(undefined);
    const counted = first.logs.at(-1)?.items ?? 0;
    expect(counted).to.be.within(1, 19);

    const second = await interrupt(2, { ...job, AWS_BATCH_JOB_ATTEMPT: "2" });
    expect(second.code).to.equal(143);
    expect(second.logs[0]).to.deep.include({ message: "Resumed", items: counted });
    expect(second.logs.at(-1)?.items).to.be.within(counted + 1, 19);

    expect((await start({ ...job, AWS_BATCH_JOB_ATTEMPT: "3" })).code).to.equal(0);
    const known = { id: "", finishedAt: "" };
    const resumed = { ...(await summaryOf("interrupted")), ...known };
    expect(resumed).to.deep.equal({ ...(await summaryOf("undisturbed")), ...known });
    expect(resumed).to.deep.include({
      items: 20,
      prices: { count: 20, sum: 192, minimum: 0.1, maximum: 19.1, average: 9.6 },
    });
  });

  it("continues where it stopped after its host has disappeared without warning", async () => {
    const job = { AWS_BATCH_JOB_ID: "killed", TABLE_NAME: "more" };
    const first = await interrupt(3, job, "SIGKILL");
    expect(first.code).to.equal(null);
    const second = await start({ ...job, AWS_BATCH_JOB_ATTEMPT: "2" });
    const counted = first.logs.at(-1)?.items ?? 0;
    expect(counted).to.be.within(1, 19);
    expect(second.logs[0]).to.deep.include({ message: "Resumed", items: counted });
    expect(await summaryOf("killed")).to.deep.include({ items: 20 });
  });

  it("can be stopped before its first page, and while it pauses to limit the load on the table", async () => {
    const early = { AWS_BATCH_JOB_ID: "early", TABLE_NAME: "more" };
    expect((await interrupt(1, early)).code).to.equal(143);
    await start(early);
    expect(await summaryOf("early")).to.deep.include({ items: 20 });

    const slow = { AWS_BATCH_JOB_ID: "slow", TABLE_NAME: "more", READ_UNITS_PER_SECOND: "0.5" };
    const stopped = await start(slow, (child) => child.stdout?.once("data", () => child.kill("SIGTERM")));
    expect(stopped.code).to.equal(143);
    expect(stopped.logs.at(-1)?.items).to.equal(1);
  });

  it("reads one part of the table as the child of an array job, and all parts together make up the whole", async () => {
    const children = ["0", "1", "2"].map((index) => ({
      AWS_BATCH_JOB_ID: `array:${index}`,
      AWS_BATCH_JOB_ARRAY_INDEX: index,
      AWS_BATCH_JOB_ARRAY_SIZE: "3",
      TABLE_NAME: "more",
    }));
    await Promise.all(children.map((child) => start(child)));
    const summaries = await Promise.all(children.map(({ AWS_BATCH_JOB_ID }) => summaryOf(AWS_BATCH_JOB_ID)));
    expect(summaries.map((summary) => summary?.segment?.index)).to.deep.equal([0, 1, 2]);
    expect(summaries.reduce((items, summary) => items + (summary?.items ?? 0), 0)).to.equal(20);
  });

  it("does not overwrite what a later attempt wrote", async () => {
    const later = { id: "lingering", attempt: 2, checkpoint: { totals: { items: 0 } } };
    await dynamo.client.send(new PutCommand({ TableName: "summaries", Item: later }));
    const { code, logs } = await start({ AWS_BATCH_JOB_ID: "lingering" });
    expect(code).to.equal(1);
    expect(logs.at(-1)?.level).to.equal("ERROR");
    expect(await recordOf("lingering")).to.deep.equal(later);
  });

  it("exits with 2 and names every mistake in its environment", async () => {
    const { code, logs } = await start({
      TABLE_NAME: "",
      AWS_BATCH_JOB_ATTEMPT: "0",
      AWS_BATCH_JOB_ARRAY_INDEX: "3",
      AWS_BATCH_JOB_ARRAY_SIZE: "3",
      READ_UNITS_PER_SECOND: "many",
    });
    expect(code).to.equal(2);
    expect(logs[0]?.message.split("\n")).to.deep.equal([
      'AWS_BATCH_JOB_ARRAY_SIZE is "3"; write an integer above the index',
      "TABLE_NAME is not set; write the name of the items' table",
      "AWS_BATCH_JOB_ID is not set; AWS Batch sets it; elsewhere write any id",
      'AWS_BATCH_JOB_ATTEMPT is "0"; write an integer from 1',
      'READ_UNITS_PER_SECOND is "many"; write a number above 0',
    ]);
  });

  it("exits with 1 if the table does not exist", async () => {
    const { code, logs } = await start({ AWS_BATCH_JOB_ID: "lost", TABLE_NAME: "nowhere" });
    expect(code).to.equal(1);
    expect(logs.at(-1)?.level).to.equal("ERROR");
  });
});
