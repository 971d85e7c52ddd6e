import { CreateTableCommand } from "@aws-sdk/client-dynamodb";
import { PutCommand } from "@aws-sdk/lib-dynamodb";
import { expect } from "chai";
import type { Run, RunState } from "../../../components/etl/run/runs";
import { startDynamo } from "../../helpers/aws/dynamo";
import { type StartedFunction, startFunction } from "../../helpers/handlers/handlerInstance";

const idOf = (number: number) => number.toString(16).padStart(32, "0");

function record(number: number, state: RunState, more: Partial<Run> = {}): Run {
  const time = new Date(Date.UTC(2030, 0, number)).toISOString();
  const times = { createdAt: time, attemptedAt: time, updatedAt: time };
  const object = { bucket: "uploads", key: `in/${number}.csv`, etag: "1" };
  return { id: idOf(number), state, attempt: 1, ...object, ...times, lockedUntil: 9, expiresAt: 9, ...more };
}

describe("the runs API", () => {
  let api: StartedFunction;

  before(async () => {
    const dynamo = await startDynamo("records");
    await dynamo.client.send(
      new CreateTableCommand({
        TableName: "runs",
        BillingMode: "PAY_PER_REQUEST",
        AttributeDefinitions: ["id", "state", "createdAt"].map((AttributeName) => ({
          AttributeName,
          AttributeType: "S",
        })),
        KeySchema: [{ AttributeName: "id", KeyType: "HASH" }],
        GlobalSecondaryIndexes: [
          {
            IndexName: "byState",
            KeySchema: [
              { AttributeName: "state", KeyType: "HASH" },
              { AttributeName: "createdAt", KeyType: "RANGE" },
            ],
            Projection: { ProjectionType: "ALL" },
          },
        ],
      }),
    );
    const reason = "No access to arn:aws:s3:::uploads of 123456789012";
    const failed = record(4, "FAILED", { attempt: 2, version: "v1", submissionId: "job", reason, buriedAt: 9 });
    for (const Item of [...[1, 2, 3].map((number) => record(number, "SUCCEEDED")), failed]) {
      await dynamo.client.send(new PutCommand({ TableName: "runs", Item }));
    }
    api = startFunction("runs", dynamo, { RUNS_TABLE_NAME: "runs", RECORDS_TABLE_NAME: "records" });
  });
  after(() => api.close());

  const list = async (query: Record<string, string>) => {
    const { status, body } = await api.call("GET", "/runs", { query });
    expect(status).to.equal(200);
    return body as { runs: Run[]; nextToken?: string };
  };

  it("shows a run, without what only the pipeline needs, nor what AWS says of the account", async () => {
    const { status, body } = await api.call("GET", `/runs/${idOf(4)}`);
    expect(status).to.equal(200);
    expect(body).to.deep.equal({
      id: idOf(4),
      state: "FAILED",
      attempt: 2,
      object: { bucket: "uploads", key: "in/4.csv", version: "v1", etag: "1" },
      createdAt: "2030-01-04T00:00:00.000Z",
      updatedAt: "2030-01-04T00:00:00.000Z",
      submissionId: "job",
      reason: "No access to … of …",
    });
  });

  it("lists the runs in a state, the newest first, a page at a time", async () => {
    const first = await list({ state: "SUCCEEDED", limit: "2" });
    const rest = await list({ state: "SUCCEEDED", limit: "2", nextToken: first.nextToken ?? "" });
    expect([first, rest].map(({ runs }) => runs.map(({ id }) => id))).to.deep.equal([[idOf(3), idOf(2)], [idOf(1)]]);
    expect(rest).to.not.have.property("nextToken");
  });

  it("lists all runs, a page at a time", async () => {
    const found: string[] = [];
    let page: { runs: Run[]; nextToken?: string } | undefined;
    while (page === undefined || page.nextToken !== undefined) {
      page = await list({ limit: "3", ...(page?.nextToken && { nextToken: page.nextToken }) });
      found.push(...page.runs.map(({ id }) => id));
    }
    expect(found.sort()).to.deep.equal([1, 2, 3, 4].map(idOf));
  });

  it("continues a list only with its own parameters, and knows states only in its own words", async () => {
    const { nextToken = "" } = await list({ state: "SUCCEEDED", limit: "2" });
    const wrong: Record<string, string>[] = [{ limit: "2", nextToken }, { state: "DONE" }];
    for (const query of wrong) {
      expect((await api.call("GET", "/runs", { query })).body?.type).to.equal("urn:problem:invalid-parameter");
    }
  });

  it("has no runs that do not exist", async () => {
    expect((await api.call("GET", `/runs/${idOf(5)}`)).body.detail).to.equal(`There is no run ${idOf(5)}.`);
    expect((await api.call("GET", "/runs/4")).status).to.equal(400);
  });
});
