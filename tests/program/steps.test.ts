import * as fs from "node:fs/promises";
import * as path from "node:path";
import { setTimeout } from "node:timers/promises";
import { PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { expect } from "chai";
import { temporaryFolder } from "../helpers/graph";
import { hasSpark, startSpark } from "../helpers/spark";
import { type Started, startOffline } from "../helpers/start";

const json = { "content-type": "application/json" };
const day = "2026-01-31";

function event(eventId: string, type: string, id: string, price: number, quantity: number): string {
  const item = { id, name: id, category: "light", price, quantity };
  return JSON.stringify({ eventId, type, at: `${day}T10:00:0${eventId}Z`, item });
}

const idPatterns = { serverless: /^[a-z0-9]+$/, cluster: /^s-[A-Z0-9]+$/ };

for (const [dataPlatform, idPattern] of Object.entries(idPatterns)) {
  describe(`start, with Spark on the data platform ${dataPlatform}`, () => {
    let started: Started;
    let url: string;
    let data: string;

    before(async () => {
      data = temporaryFolder();
      const options = ["--data", data, "--config", `dataPlatform=${dataPlatform}`];
      started = await startOffline(options);
      url = started.apis[0]?.url ?? "";
    });
    after(() => started.interrupt());

    async function bucket(kind: string): Promise<string> {
      const names = await fs.readdir(path.join(data, "s3"));
      return names.find((name) => name.startsWith(`lake-${kind}-`)) ?? "";
    }

    async function step(id: unknown): Promise<Record<string, unknown>> {
      return (await (await fetch(`${url}/steps/${id}`)).json()) as Record<string, unknown>;
    }

    async function submitted(body: object): Promise<{ id: string }> {
      const response = await fetch(`${url}/steps`, { method: "POST", headers: json, body: JSON.stringify(body) });
      expect(response.status).to.equal(202);
      return (await response.json()) as { id: string };
    }

    async function ended(id: string): Promise<Record<string, unknown>> {
      for (;;) {
        const one = await step(id);
        if (/COMPLETED|FAILED|CANCELLED/.test(String(one.status))) return one;
        await setTimeout(50);
      }
    }

    it("summarises the events of a day, with Spark where it is at hand", async () => {
      const s3 = new S3Client({ ...started, region: "us-east-1", forcePathStyle: true });
      const Body = [event("1", "created", "lamp", 20, 1), event("2", "updated", "lamp", 25, 2)].join("\n");
      await s3.send(new PutObjectCommand({ Bucket: await bucket("raw"), Key: `events/date=${day}/events.json`, Body }));
      const { id } = await submitted({ date: day });
      expect(id).to.match(idPattern);
      expect(await ended(id)).to.include({ status: "COMPLETED" });
      if (!hasSpark()) {
        expect(started.output()).to.match(/simulated: there is no spark-submit/);
        return;
      }
      const daily = path.join(data, "s3", await bucket("results"), "daily");
      expect((await fs.readdir(path.join(daily, `date=${day}`))).join()).to.include(".parquet");
      // A second Spark to read what the first one wrote takes its time; once will do.
      if (dataPlatform === "cluster") return;
      const spark = startSpark();
      try {
        const [row] = await spark.read(daily);
        expect(row).to.include({ category: "light", created: 1, updated: 1, deleted: 0, items: 1, quantity: 2 });
      } finally {
        spark.stop();
      }
    }).timeout(120_000);
  });
}
