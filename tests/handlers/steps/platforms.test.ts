import { expect } from "chai";
import { AwsError } from "../../../offline/cloud/core/awsError";
import { platforms, type StepsFunction, startStepsFunction } from "../../helpers/handlers/stepsFunction";
import { APPLICATION, CLUSTER } from "../../helpers/offline/emr";

const day = { date: "2026-01-31" };

describe("the platform of the steps API", () => {
  let steps: StepsFunction;
  const { error } = console;
  const start = async (platform: Record<string, string>) => {
    console.error = () => undefined;
    steps = await startStepsFunction(platform);
  };
  afterEach(async () => {
    console.error = error;
    await steps.close();
  });

  const post = (body: object = day) => steps.call("POST", "/steps", { body });
  const inputOf = (operation: string) => steps.emr.requests.find((request) => request.operation === operation)?.input;

  describe("a cluster", () => {
    it("gets spark-submit with the days, and the driver in the step's own process", async () => {
      await start(platforms.cluster);
      const { body } = await post({ from: "2026-01-01", to: "2026-01-31" });
      const script = ["spark-submit", "--deploy-mode", "client", "s3://code/daily_summary.py"];
      const uris = ["--events", "s3://raw/events/", "--summaries", "s3://results/daily/"];
      expect(inputOf("AddJobFlowSteps")).to.deep.equal({
        JobFlowId: CLUSTER,
        Steps: [
          {
            Name: body.name,
            ActionOnFailure: "CONTINUE",
            HadoopJarStep: {
              Jar: "command-runner.jar",
              Args: [...script, ...uris, "--from", "2026-01-01", "--to", "2026-01-31"],
            },
          },
        ],
      });
    });

    it("runs steps as the runtime role, if there is one", async () => {
      const role = "arn:aws:iam::123456789012:role/step";
      await start({ ...platforms.cluster, EXECUTION_ROLE_ARN: role });
      await post();
      expect(inputOf("AddJobFlowSteps")).to.have.property("ExecutionRoleArn", role);
    });

    for (const state of ["TERMINATING", "TERMINATED", "TERMINATED_WITH_ERRORS"] as const) {
      it(`that is ${state} is reported, with what to do`, async () => {
        await start(platforms.cluster);
        steps.emr.enter(state);
        const answer = await post();
        expect(answer.status).to.equal(409);
        expect(answer.body.type).to.equal("urn:problem:conflict");
        expect(answer.body.detail).to.contain(`is ${state} and`).and.contain("pulumi up --refresh");
      });
    }

    it("that EMR has forgotten is reported, whatever the method", async () => {
      await start(platforms.cluster);
      await steps.emr.forget();
      for (const [method, path] of [
        ["GET", "/steps"],
        ["GET", "/steps/s-1"],
        ["DELETE", "/steps/s-1"],
      ] as const) {
        const answer = await steps.call(method, path);
        expect(answer.status, `${method} ${path}`).to.equal(409);
        expect(answer.body.detail).to.contain("is gone");
      }
      expect((await post()).status).to.equal(409);
    });

    it("full of steps makes the caller wait", async () => {
      await start(platforms.cluster);
      for (let count = 0; count < 256; count++) steps.emr.add("cluster");
      const answer = await post();
      expect(answer.status).to.equal(503);
      expect(answer.headers["Retry-After"]).to.equal("60");
      expect(answer.body.detail).to.contain("256 active steps");
    });

    it("that is running but refuses is an internal failure", async () => {
      await start(platforms.cluster);
      steps.emr.faults.AddJobFlowSteps = [new AwsError("ValidationException", "no such role")];
      expect((await post()).status).to.equal(500);
    });

    it("says why a step cannot be cancelled", async () => {
      await start(platforms.cluster);
      const { body } = await post();
      // It ends between the two calls that the function makes.
      steps.emr.before("CancelSteps", () => steps.emr.change(body.id, { state: "COMPLETED" }));
      const answer = await steps.call("DELETE", `/steps/${body.id}`);
      expect(answer.status).to.equal(409);
      expect(answer.body.detail).to.equal(`EMR cannot cancel step ${body.id}: The step is already COMPLETED`);
    });
  });

  describe("an application", () => {
    it("gets the script with the day, the role and the step's own token", async () => {
      await start(platforms.serverless);
      const { body } = await post();
      const { clientToken, applicationId, name, executionRoleArn, jobDriver } = inputOf("StartJobRun") ?? {};
      expect({ applicationId, name, executionRoleArn }).to.deep.equal({
        applicationId: APPLICATION,
        name: body.name,
        executionRoleArn: platforms.serverless.JOB_ROLE_ARN,
      });
      expect(body.name).to.equal(`daily-summary-${clientToken}`);
      expect(jobDriver).to.deep.equal({
        sparkSubmit: {
          entryPoint: "s3://code/daily_summary.py",
          entryPointArguments: [
            "--events",
            "s3://raw/events/",
            "--summaries",
            "s3://results/daily/",
            "--date",
            day.date,
          ],
        },
      });
    });

    for (const code of ["ConflictException", "ResourceNotFoundException", "ValidationException"]) {
      it(`that refuses with ${code} is reported, with what to do`, async () => {
        await start(platforms.serverless);
        const message = "Application arn:aws:emr-serverless:eu-west-1:1:/applications/a is STOPPED.";
        steps.emr.faults.StartJobRun = [new AwsError(code, message)];
        const answer = await post();
        expect(answer.status).to.equal(409);
        expect(answer.body.detail).to.contain("Application … is STOPPED.").and.contain("pulumi up --refresh");
      });
    }
  });

  it("reports an application that is gone when there is nothing to list", async () => {
    await start(platforms.serverless);
    await steps.emr.forget();
    const answer = await steps.call("GET", "/steps");
    expect(answer.status).to.equal(409);
    expect(answer.body.detail).to.contain("does not exist").and.contain("pulumi up --refresh");
  });

  it("names the variable that is missing if there is no platform", async () => {
    await start(platforms.serverless);
    process.env.APPLICATION_ID = "";
    expect(() => steps.coldStart()).to.throw("APPLICATION_ID is not set");
  });
});
