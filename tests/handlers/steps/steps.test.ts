import { expect } from "chai";
import { AwsError } from "../../../offline/cloud/core/awsError";
import type { Change } from "../../helpers/aws/emrService";
import { platforms, type StepsFunction, startStepsFunction } from "../../helpers/handlers/stepsFunction";

const day = { date: "2026-01-31" };
const submissions = { cluster: "AddJobFlowSteps", serverless: "StartJobRun" } as const;
const reads = { cluster: "DescribeStep", serverless: "GetJobRun" } as const;
const cancellations = { cluster: "CancelSteps", serverless: "CancelJobRun" } as const;

for (const platform of ["cluster", "serverless"] as const) {
  describe(`the steps API, ${platform}`, () => {
    let steps: StepsFunction;
    const { error } = console;
    beforeEach(async () => {
      steps = await startStepsFunction(platforms[platform]);
    });
    afterEach(async () => {
      console.error = error;
      await steps.close();
    });

    const post = (body: unknown) => steps.call("POST", "/steps", { body });
    const submit = async () => String((await post(day)).body.id);
    const sent = (operation: string) => steps.emr.requests.filter((request) => request.operation === operation);
    const change = (id: string, changes: Change) => steps.emr.change(id, changes);

    it("submits a step and returns its location", async () => {
      const answer = await post({ name: "nightly", ...day });
      expect(answer.status).to.equal(202);
      expect(answer.headers.Location).to.equal(`/Prod/steps/${answer.body.id}`);
      expect(answer.body.name).to.match(/^nightly-[0-9a-f-]{36}$/);
      const { createdAt, ...step } = (await steps.call("GET", `/steps/${answer.body.id}`)).body;
      expect(step).to.deep.equal(answer.body);
      expect(Date.parse(String(createdAt))).to.be.within(Date.now() - 60_000, Date.now());
    });

    const mistakes: [body: object, pointer: string, detail: RegExp][] = [
      [{}, "#/date", /is required; or give from and to/],
      [{ from: "2026-01-01" }, "#/to", /is required; or give date/],
      [{ to: "2026-01-01" }, "#/from", /is required; or give date/],
      [{ ...day, to: "2026-02-01" }, "#/to", /is not one of name, date; or give from and to/],
      [{ from: "2026-02-01", to: "2026-01-01" }, "#/to", /is before from/],
      [{ date: "2026-02-29" }, "#/date", /not a valid date/],
      [{ date: "2026-2-1" }, "#/date", /must match/],
      [{ ...day, name: "-a" }, "#/name", /must match/],
      [{ ...day, script: "s3://other" }, "#/script", /is not one of/],
    ];
    for (const [body, pointer, detail] of mistakes) {
      it(`refuses ${JSON.stringify(body)} and says where it is wrong`, async () => {
        const answer = await post(body);
        expect(answer.status).to.equal(422);
        expect(answer.body).to.have.nested.property("errors[0].pointer", pointer);
        expect(answer.body).to.have.nested.property("errors[0].detail").that.matches(detail);
        expect(sent(submissions[platform])).to.have.length(0);
      });
    }

    it("returns a step's state, and no internals", async () => {
      const id = await submit();
      change(id, {
        name: "daily",
        state: "FAILED",
        createdAt: Date.UTC(2026, 0, 1),
        startedAt: Date.UTC(2026, 0, 2),
        endedAt: Date.UTC(2026, 0, 3),
        reason: "role arn:aws:iam::123456789012:role/job may not read",
      });
      expect((await steps.call("GET", `/steps/${id}`)).body).to.deep.equal({
        id,
        name: "daily",
        status: "FAILED",
        createdAt: "2026-01-01T00:00:00.000Z",
        startedAt: "2026-01-02T00:00:00.000Z",
        endedAt: "2026-01-03T00:00:00.000Z",
        reason: "role … may not read",
      });
    });

    it("returns no reason if EMR has none", async () => {
      const { body } = await steps.call("GET", `/steps/${await submit()}`);
      expect(body).to.have.property("status", "PENDING");
      expect(body).not.to.have.property("reason");
    });

    it("answers 404 for a step that does not exist, or is of the other platform", async () => {
      for (const id of ["s-UNKNOWN", "00f1unknown"]) {
        expect((await steps.call("GET", `/steps/${id}`)).status).to.equal(404);
        expect((await steps.call("DELETE", `/steps/${id}`)).status).to.equal(404);
      }
      expect((await steps.call("GET", "/steps/S-a")).status).to.equal(400);
    });

    it("lists the steps page by page, and refuses a token of another query", async () => {
      const added = Array.from({ length: 51 }, () => steps.emr.add(platform, { state: "RUNNING" }));
      const ids = added.map(({ id }) => id).reverse();
      const first = await steps.call("GET", "/steps");
      const query = { nextToken: String(first.body.nextToken) };
      const second = await steps.coldStart().call("GET", "/steps", { query });
      expect(second.body).not.to.have.property("nextToken");
      const found = [first, second].flatMap(({ body }) => body.steps as { id: string }[]).map(({ id }) => id);
      expect(found).to.deep.equal(ids);
      const other = await steps.call("GET", "/steps", { query: { ...query, status: "RUNNING" } });
      expect(other.status).to.equal(400);
    });

    it("uses the same states in responses and in filters", async () => {
      const vocabulary: Record<string, NonNullable<Change["state"]>[]> = {
        PENDING: platform === "cluster" ? ["PENDING"] : ["SUBMITTED", "QUEUED", "PENDING", "SCHEDULED"],
        RUNNING: ["RUNNING"],
        CANCELLING: platform === "cluster" ? ["CANCEL_PENDING"] : ["CANCELLING"],
        COMPLETED: platform === "cluster" ? ["COMPLETED"] : ["SUCCESS"],
        FAILED: platform === "cluster" ? ["FAILED", "INTERRUPTED"] : ["FAILED"],
        CANCELLED: ["CANCELLED"],
      };
      const added = Object.values(vocabulary)
        .flat()
        .map((state) => ({ state, id: steps.emr.add(platform, { state }).id }));
      for (const [status, states] of Object.entries(vocabulary)) {
        const { body } = await steps.call("GET", "/steps", { query: { status } });
        const ids = states.map((state) => added.find((one) => one.state === state)?.id);
        expect((body.steps as { id: string }[]).map(({ id }) => id)).to.have.members(ids);
        for (const step of body.steps as object[]) expect(step).to.have.property("status", status);
      }
      expect((await steps.call("GET", "/steps", { query: { status: "SUCCESS" } })).status).to.equal(400);
    });

    it("cancels a step, and does not change a finished one", async () => {
      const id = await submit();
      expect((await steps.call("DELETE", `/steps/${id}`)).status).to.equal(202);
      expect((await steps.call("GET", `/steps/${id}`)).body.status).to.equal("CANCELLED");
      expect((await steps.call("DELETE", `/steps/${id}`)).status).to.equal(204);
      expect(sent(cancellations[platform])).to.have.length(1);
    });

    it("answers 503 with Retry-After when EMR is throttled or unavailable", async () => {
      console.error = () => undefined;
      const throttled = new AwsError("ThrottlingException", "Rate exceeded");
      const thrice = [throttled, throttled, throttled];
      Object.assign(steps.emr.faults, { [submissions[platform]]: [...thrice], [reads[platform]]: [...thrice] });
      for (const answer of [await post(day), await steps.call("GET", "/steps/s-1")]) {
        expect(answer.status).to.equal(503);
        expect(answer.headers["Retry-After"]).to.equal("1");
      }
      await steps.emr.close();
      expect((await steps.call("GET", "/steps/s-1")).status).to.equal(503);
    });

    it("does not reveal why it may not use EMR", async () => {
      console.error = () => undefined;
      steps.emr.faults[submissions[platform]] = [new AwsError("AccessDeniedException", "secret")];
      const answer = await post(day);
      expect(answer.status).to.equal(500);
      expect(JSON.stringify(answer.body)).not.to.contain("secret");
    });
  });
}
