import * as fs from "node:fs";
import * as path from "node:path";
import { setTimeout } from "node:timers/promises";
import { expect } from "chai";
import { hasSpark } from "../helpers/jobs/spark";
import { type Started, startOffline } from "../helpers/offline/start";
import { temporaryFolder } from "../helpers/temporaryFolder";

const json = { "content-type": "application/json" };

describe("start, with a data platform", function () {
  // Spark is slow where it is installed.
  this.timeout(180_000);
  let started: Started;
  let data: string;

  async function start(platform: string): Promise<string> {
    data = temporaryFolder();
    started = await startOffline(["--data", data, "--config", `graviton:dataPlatform=${platform}`]);
    return `${started.apis[0]?.url}/steps`;
  }
  afterEach(() => started.interrupt());

  function bucket(name: string): string {
    const found = fs.readdirSync(path.join(data, "s3")).find((folder) => folder.startsWith(`lake-${name}-`));
    return path.join(data, "s3", String(found));
  }

  for (const platform of ["serverless", "cluster"]) {
    it(`summarises the events of a day that POST /steps names, on ${platform}`, async () => {
      const url = await start(platform);
      const folder = path.join(bucket("raw"), "events", "date=2026-01-31");
      fs.mkdirSync(folder, { recursive: true });
      const item = { id: "lamp", category: "home", price: 20, quantity: 3 };
      const event = { eventId: "1", type: "created", at: "2026-01-31T10:00:00Z", item };
      fs.writeFileSync(path.join(folder, "a.json"), JSON.stringify(event));
      const response = await fetch(url, { method: "POST", headers: json, body: '{"date":"2026-01-31"}' });
      expect(response.status).to.equal(202);
      const { id } = (await response.json()) as { id: string };
      let step: Record<string, unknown> = {};
      while (step.endedAt === undefined) {
        await setTimeout(100);
        step = (await (await fetch(`${url}/${id}`)).json()) as typeof step;
      }
      expect(step.status, started.output()).to.equal("COMPLETED");
      if (!hasSpark()) return;
      expect(step).not.to.have.property("reason");
      // That the job sums up right is tested in tests/jobs/spark.test.ts: reading it would take another JVM.
      const day = path.join(bucket("results"), "daily", "date=2026-01-31");
      const [summary = "", ...others] = fs.readdirSync(day).filter((file) => file.endsWith(".parquet"));
      expect(others).to.deep.equal([]);
      expect(fs.readFileSync(path.join(day, summary), "latin1")).to.match(/^PAR1.*home.*PAR1$/s);
    });
  }

  it("has no route for steps and no bucket without one", async () => {
    // Where some routes demand a signature, API Gateway does not tell a missing route from a missing signature.
    expect((await fetch(await start("none"))).status).to.equal(403);
    expect(fs.existsSync(path.join(data, "s3"))).to.equal(false);
  });
});
