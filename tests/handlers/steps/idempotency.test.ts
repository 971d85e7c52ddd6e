import { expect } from "chai";
import { dieBeforeRecord, endLock, idempotencyRecord } from "../../helpers/handlers/idempotencyRecord";
import { platforms, type StepsFunction, startStepsFunction } from "../../helpers/handlers/stepsFunction";

describe("POST /steps, which must not submit a step twice", () => {
  let steps: StepsFunction;
  const { error } = console;
  const start = async (platform: keyof typeof platforms) => {
    steps = await startStepsFunction(platforms[platform]);
  };
  beforeEach(() => {
    console.error = () => undefined;
  });
  afterEach(async () => {
    console.error = error;
    await steps.close();
  });

  const post = (key = "key", body: object = { date: "2026-01-31" }, instance = steps.coldStart()) =>
    instance.call("POST", "/steps", { body, headers: key === "" ? {} : { "Idempotency-Key": key } });
  const sent = (operation: string) => steps.emr.requests.filter((request) => request.operation === operation);
  const record = () => idempotencyRecord(steps.dynamo);
  const dying = () => dieBeforeRecord(steps.coldStart());

  for (const platform of ["cluster", "serverless"] as const) {
    describe(platform, () => {
      beforeEach(() => start(platform));

      it("answers the same request with the same step", async () => {
        const first = await post();
        const again = await post();
        expect(first.status).to.equal(202);
        expect(again.body).to.deep.equal(first.body);
        expect(again.headers.Location).to.equal(first.headers.Location);
        expect(again.headers["Idempotent-Replayed"]).to.equal("true");
        expect(steps.emr.work).to.have.length(1);
        expect((await post("key", { date: "2026-02-01" })).status).to.equal(422);
      });

      it("submits one step for five requests at once, and one for each without a key", async () => {
        const answers = await Promise.all(Array.from({ length: 5 }, () => post()));
        expect(answers.every(({ status }) => status === 202 || status === 409)).to.equal(true);
        expect(steps.emr.work).to.have.length(1);
        await Promise.all([post(""), post("")]);
        expect(steps.emr.work).to.have.length(3);
      });

      it("finds the step when only the response was lost", async () => {
        Object.assign(steps.emr.faults, { AddJobFlowSteps: ["answer lost"], StartJobRun: ["answer lost"] });
        const answer = await post("");
        expect(answer.status).to.equal(202);
        expect(steps.emr.work.map(({ id }) => id)).to.deep.equal([answer.body.id]);
      });

      it("finds the step of a function that died between submitting it and recording it", async () => {
        expect((await post("key", undefined, dying())).status).to.equal(500);
        await endLock(steps.dynamo);
        const answer = await post();
        expect(answer.status).to.equal(202);
        expect(steps.emr.work.map(({ id }) => id)).to.deep.equal([answer.body.id]);
      });
    });
  }

  describe("a cluster, which has no client token", () => {
    beforeEach(() => start("cluster"));

    it("is sent a step once, over a new connection, and read over one kept open", async () => {
      await post("");
      await steps.call("GET", "/steps/s-0");
      const connections = steps.emr.requests.map(({ operation, connection }) => [operation, connection]);
      expect(connections).to.deep.equal([
        ["AddJobFlowSteps", "close"],
        ["DescribeStep", "keep-alive"],
      ]);
    });

    it("has the step's name recorded and the key held while the outcome is unknown, and is searched before a step is sent again", async () => {
      steps.emr.faults.AddJobFlowSteps = ["request lost"];
      expect((await post()).status).to.equal(503);
      const { plan, lockedUntil } = await record();
      expect(sent("AddJobFlowSteps")[0]?.input).to.have.nested.property("Steps[0].Name", plan.name);
      expect(lockedUntil).to.be.greaterThan(Date.now() + 20_000);
      expect((await post()).status).to.equal(409);
      expect(sent("AddJobFlowSteps")).to.have.length(1);
      await endLock(steps.dynamo);
      const looks = sent("ListSteps").length;
      expect((await post()).status).to.equal(202);
      expect(sent("ListSteps")).to.have.length(looks + 1);
      expect(steps.emr.work).to.have.length(1);
    });

    it("is searched for the steps of a day only", async () => {
      const createdAt = Date.now() - 2 * 24 * 60 * 60 * 1000;
      for (let count = 0; count < 120; count++) steps.emr.add("cluster", { state: "COMPLETED", createdAt });
      await post("key", undefined, dying());
      steps.emr.dropStep();
      await endLock(steps.dynamo);
      expect((await post()).status).to.equal(202);
      expect(sent("ListSteps")).to.have.length(1);
    });

    it("releases the key if it refuses", async () => {
      steps.emr.enter("TERMINATED");
      expect((await post()).body.type).to.equal("urn:problem:conflict");
      steps.emr.enter("WAITING");
      expect((await post()).status).to.equal(202);
    });
  });

  describe("an application, which recognizes a repetition by its token", () => {
    beforeEach(() => start("serverless"));

    it("may be called again at once", async () => {
      steps.emr.faults.StartJobRun = ["answer lost", "request lost", "request lost"];
      expect((await post()).status).to.equal(503);
      const answer = await post();
      expect(answer.status).to.equal(202);
      expect(steps.emr.work.map(({ id }) => id)).to.deep.equal([answer.body.id]);
      const tokens = sent("StartJobRun").map(({ input }) => input.clientToken);
      expect(tokens).to.have.length(4);
      expect(new Set(tokens).size).to.equal(1);
    });
  });
});
