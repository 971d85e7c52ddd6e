import { setTimeout } from "node:timers/promises";
import { expect } from "chai";
import { type Started, startOffline } from "../helpers/offline/start";

const json = { "content-type": "application/json" };

describe("start, with jobs", () => {
  let started: Started;
  let url: string;

  before(async () => {
    started = await startOffline();
    url = started.apis[0]?.url ?? "";
  });
  after(() => started.interrupt());

  async function post(path: string, body: object): Promise<{ status: number; body: Record<string, unknown> }> {
    const response = await fetch(url + path, { method: "POST", headers: json, body: JSON.stringify(body) });
    return { status: response.status, body: (await response.json()) as Record<string, unknown> };
  }

  /** Waits for the job to end and returns it. */
  async function ended(id: unknown): Promise<Record<string, unknown>> {
    for (;;) {
      const job = (await (await fetch(`${url}/jobs/${id}`)).json()) as Record<string, unknown>;
      if (job.status === "SUCCEEDED" || job.status === "FAILED") return job;
      await setTimeout(50);
    }
  }

  it("runs the job that POST /jobs submits, serves its results and shows its log", async () => {
    await post("/items", { name: "lamp", price: 20 });
    await post("/items", { name: "desk", price: 80 });
    const submitted = await post("/jobs", {});
    expect(submitted.status).to.equal(202);
    expect(await ended(submitted.body.id)).to.include({ status: "SUCCEEDED", exitCode: 0 });
    const summary = (await (await fetch(`${url}/jobs/${submitted.body.id}/summary`)).json()) as object;
    expect(summary).to.deep.include({
      items: 2,
      prices: { count: 2, sum: 100, minimum: 20, maximum: 80, average: 50 },
    });
    expect(started.output()).to.match(/job-\S+ \S+ \| .*"message":"Done","items":2/);
  });

  it("passes the job only the environment variables that callers may set", async () => {
    const { status } = await post("/jobs", { environment: { TABLE_NAME: "other" } });
    expect(status).to.equal(422);
    await post("/items", { name: "vase", price: 5, category: "glass" });
    const submitted = await post("/jobs", { environment: { CATEGORY: "glass" } });
    await ended(submitted.body.id);
    const summary = (await (await fetch(`${url}/jobs/${submitted.body.id}/summary`)).json()) as object;
    expect(summary).to.include({ items: 1 });
  });
});
