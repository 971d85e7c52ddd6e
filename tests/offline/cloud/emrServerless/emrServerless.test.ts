import * as fs from "node:fs";
import { availableParallelism } from "node:os";
import * as path from "node:path";
import { mock } from "node:test";
import { setImmediate } from "node:timers/promises";
import { gunzipSync } from "node:zlib";
import {
  CancelJobRunCommand,
  DeleteApplicationCommand,
  GetApplicationCommand,
  GetJobRunCommand,
  ListApplicationsCommand,
  ListJobRunsCommand,
  type ListJobRunsCommandInput,
  StartApplicationCommand,
  type StartJobRunCommandInput,
  StopApplicationCommand,
} from "@aws-sdk/client-emr-serverless";
import { expect } from "chai";
import { DOCUMENTATION, testFact, testFacts } from "../../../helpers/facts";
import {
  APPLICATION,
  application,
  closeEmr,
  JOB_ROLE,
  refusal,
  type ServedEmr,
  serveEmr,
  withPath,
  withSparkSubmit,
} from "../../../helpers/offline/emr";
import { until } from "../../../helpers/offline/served";
import { temporaryFolder } from "../../../helpers/temporaryFolder";

const DOCUMENTED = { service: "EMR Serverless", source: DOCUMENTATION };

const FILES = { files: { "job.py": "" } };
const LONG = { ...FILES, simulatedMilliseconds: 60_000 };
const applicationId = APPLICATION;

async function stateOf({ serverless }: ServedEmr) {
  return (await serverless.send(new GetApplicationCommand({ applicationId }))).application?.state;
}

describe("EMR Serverless", () => {
  let restore = withPath(process.env.PATH ?? "");
  // Without Spark job runs are simulated.
  beforeEach(() => {
    restore = withPath(temporaryFolder());
  });
  afterEach(async () => {
    await closeEmr();
    restore();
  });

  const running = (server: ServedEmr, id: string) => until(async () => (await server.jobRun(id)).state === "RUNNING");

  describe("an application", () => {
    it("is CREATED, starts with the first job run, and shows the program's settings", async () => {
      const server = await serveEmr(
        [
          application({
            autoStopConfiguration: { enabled: true, idleTimeoutMinutes: 5 },
            maximumCapacity: { cpu: "16 vCPU", memory: "64 GB" },
          }),
        ],
        FILES,
      );
      expect(await stateOf(server)).to.equal("CREATED");
      await server.end(await server.start());
      const found = (await server.serverless.send(new GetApplicationCommand({ applicationId }))).application;
      expect(found).to.deep.include({
        applicationId,
        name: "jobs",
        state: "STARTED",
        type: "Spark",
        architecture: "ARM64",
        autoStartConfiguration: { enabled: true },
        autoStopConfiguration: { enabled: true, idleTimeoutMinutes: 5 },
        maximumCapacity: { cpu: "16 vCPU", memory: "64 GB" },
      });
      expect(found).not.to.have.property("imageConfiguration");
      const { applications } = await server.serverless.send(new ListApplicationsCommand({ states: ["STARTED"] }));
      expect(applications?.map(({ id }) => id)).to.deep.equal([applicationId]);
      const none = await server.serverless.send(new ListApplicationsCommand({ states: ["STOPPED", "CREATED"] }));
      expect(none.applications).to.deep.equal([]);
    });

    it("stops after it has been idle for a while", async () => {
      const autoStopConfiguration = { enabled: true, idleTimeoutMinutes: 0.001 };
      const server = await serveEmr([application({ autoStopConfiguration })], FILES);
      await server.end(await server.start());
      await until(async () => (await stateOf(server)) === "STOPPED");
      expect((await server.end(await server.start())).state).to.equal("SUCCESS");
    });

    testFact(DOCUMENTED, "must be started first if it does not start by itself", async () => {
      const server = await serveEmr([application({ autoStartConfiguration: { enabled: false } })], FILES);
      expect(await refusal(server.start())).to.match(/^ValidationException: .* is CREATED, not STARTED/);
      await server.serverless.send(new StartApplicationCommand({ applicationId }));
      expect((await server.end(await server.start())).state).to.equal("SUCCESS");
      await server.serverless.send(new StopApplicationCommand({ applicationId }));
      expect(await stateOf(server)).to.equal("STOPPED");
    });

    testFact(DOCUMENTED, "cannot be stopped while it has job runs", async () => {
      const server = await serveEmr(undefined, LONG);
      await running(server, await server.start());
      const stop = server.serverless.send(new StopApplicationCommand({ applicationId }));
      expect(await refusal(stop)).to.match(/^ValidationException: .*job runs that have not ended/);
    });

    it("continues through an update, and cancels its job runs when the program drops it", async () => {
      const server = await serveEmr([application()], LONG);
      const id = await server.start();
      await running(server, id);
      const changes = await server.reconcile(application({ type: "spark", maximumCapacity: { cpu: "4 vCPU" } }));
      expect(changes).to.deep.equal([{ action: "updated", kind: "application", name: "jobs" }]);
      expect((await server.jobRun(id)).state).to.equal("RUNNING");
      await server.reconcile();
      await until(() => server.lines.some((line) => line.includes(`${id} | CANCELLED`)));
      expect(await refusal(server.jobRun(id))).to.match(/^ResourceNotFoundException: Application .* does not exist/);
    });
  });

  describe("job runs", () => {
    it("succeed, say that they are simulated, and keep what they were started with", async () => {
      const server = await serveEmr(undefined, FILES);
      const jobDriver = { sparkSubmit: { entryPoint: "s3://code/job.py", entryPointArguments: ["--date", "x"] } };
      const id = await server.start({ name: "summary", jobDriver, tags: { team: "a" } });
      expect(id).to.match(/^[0-9a-z]{16}$/);
      const jobRun = await server.end(id);
      expect(jobRun.stateDetails).to.match(/^simulated: spark-submit is not/);
      expect(jobRun).to.deep.include({
        state: "SUCCESS",
        jobRunId: id,
        applicationId,
        name: "summary",
        executionRole: JOB_ROLE,
        jobDriver,
        mode: "BATCH",
        tags: { team: "a" },
        executionTimeoutMinutes: 720,
        releaseLabel: "emr-7.10.0",
        attempt: 1,
      });
      expect(jobRun.arn).to.match(/:\/applications\/00abcdefghijklmn\/jobruns\/[0-9a-z]+$/);
      expect(jobRun.endedAt).to.be.at.least(jobRun.startedAt as Date);
    });

    it("run Spark on this machine if it is installed", async () => {
      restore = withSparkSubmit('echo "$@"; env');
      const server = await serveEmr(undefined, FILES);
      const sparkSubmitParameters =
        "--conf spark.executor.cores=2 --conf spark.emr-serverless.driverEnv.STAGE='a b' --class Main";
      const sparkSubmit = {
        entryPoint: "s3://code/job.py",
        entryPointArguments: ["s3://code/x"],
        sparkSubmitParameters,
      };
      const id = await server.start({
        jobDriver: { sparkSubmit },
        configurationOverrides: {
          monitoringConfiguration: { s3MonitoringConfiguration: { logUri: "s3://code/logs" } },
          applicationConfiguration: [{ classification: "spark-defaults", properties: { "spark.sql.a": "b" } }],
        },
      });
      expect((await server.end(id)).state).to.equal("SUCCESS");
      const said = server.logs.findByName(`applications/${APPLICATION}/jobs/${id}/SPARK_DRIVER/stdout`)?.events ?? [];
      expect(said[0]?.message).to.match(/--conf spark.sql.a=b .*--class Main .*\/job.py file:\/\/.*\/x$/);
      expect(said.map(({ message }) => message)).to.include("STAGE=a b");
      const kept = path.join(server.folder, `logs/applications/${APPLICATION}/jobs/${id}/SPARK_DRIVER/stdout.gz`);
      expect(gunzipSync(fs.readFileSync(kept)).toString()).to.contain("STAGE=a b\n");
    });

    it("fail with the reason and the end of their output", async () => {
      restore = withSparkSubmit("printf '%0500d'; echo 'ValueError: no'; exit 1");
      const server = await serveEmr(undefined, FILES);
      const { state, stateDetails } = await server.end(await server.start());
      expect(state).to.equal("FAILED");
      expect(stateDetails)
        .to.match(/^spark-submit ended with exit code 1: 0+ValueError: no$/)
        .and.have.lengthOf(256);
    });

    it("fail with the exception that they end with", async () => {
      restore = withSparkSubmit(`echo 'ValueError: ${"x".repeat(500)}' >&2; echo bye; exit 1`);
      const server = await serveEmr(undefined, FILES);
      const { stateDetails } = await server.end(await server.start());
      expect(stateDetails).to.match(/^spark-submit ended with exit code 1: ValueError: x+$/);
    });

    it("fail if their script is missing", async () => {
      const server = await serveEmr();
      const { state, stateDetails } = await server.end(await server.start());
      expect(state).to.equal("FAILED");
      expect(stateDetails).to.match(/^s3:\/\/code\/job.py does not exist/);
    });

    testFact(DOCUMENTED, "are retried if their retry policy says so", async () => {
      const mark = `${temporaryFolder()}/tried`;
      restore = withSparkSubmit(`[ -e ${mark} ] || { touch ${mark}; exit 1; }`);
      const server = await serveEmr(undefined, FILES);
      const { state, attempt } = await server.end(await server.start({ retryPolicy: { maxAttempts: 3 } }));
      expect([state, attempt]).to.deep.equal(["SUCCESS", 2]);
    });

    it("fail after the last attempt", async () => {
      restore = withSparkSubmit("exit 1");
      const server = await serveEmr(undefined, FILES);
      const { state, attempt } = await server.end(await server.start({ retryPolicy: { maxAttempts: 3 } }));
      expect([state, attempt]).to.deep.equal(["FAILED", 3]);
    });

    testFact(
      DOCUMENTED,
      "are one if they are started twice with a token, and a conflict if the second differs",
      async () => {
        const server = await serveEmr(undefined, FILES);
        const [first, second] = await Promise.all([
          server.start({ clientToken: "a" }),
          server.start({ clientToken: "a" }),
        ]);
        expect(second).to.equal(first);
        expect(await server.start({ clientToken: "b" })).not.to.equal(first);
        expect(await refusal(server.start({ clientToken: "a", name: "other" }))).to.match(
          /^ConflictException: .*"?a"? was/,
        );
      },
    );

    it("are cancelled while they run, and not once they have ended", async () => {
      const server = await serveEmr(undefined, LONG);
      const id = await server.start();
      await running(server, id);
      const cancel = () => server.serverless.send(new CancelJobRunCommand({ applicationId, jobRunId: id }));
      expect((await cancel()).jobRunId).to.equal(id);
      expect((await server.end(id)).state).to.equal("CANCELLED");
      expect(await refusal(cancel())).to.match(/^ValidationException: .* is already CANCELLED/);
    });

    it("are cancelled when they take too long", async () => {
      const server = await serveEmr(undefined, { ...FILES, simulatedMilliseconds: 600_000 });
      mock.timers.enable({ apis: ["setTimeout"] });
      const id = await server.start({ executionTimeoutMinutes: 1 });
      await setImmediate();
      mock.timers.tick(60_000);
      mock.timers.reset();
      const { state, stateDetails } = await server.end(id);
      expect(state).to.equal("CANCELLED");
      expect(stateDetails).to.match(/exceeded its executionTimeoutMinutes/);
    });

    it("wait as QUEUED while the application is at its limit, and can be cancelled then", async () => {
      const server = await serveEmr([application({ schedulerConfiguration: { maxConcurrentRuns: 1 } })], LONG);
      const [first, second, third] = [await server.start(), await server.start(), await server.start()];
      await running(server, first);
      await until(async () => (await server.jobRun(third)).state === "QUEUED");
      const cancel = (jobRunId: string) => server.serverless.send(new CancelJobRunCommand({ applicationId, jobRunId }));
      await cancel(second);
      expect((await server.jobRun(second)).state).to.equal("CANCELLED");
      await cancel(first);
      await running(server, third);
    });

    it("that wait begin when the program raises the limit", async function () {
      // The machine's processors are another limit.
      if (availableParallelism() < 2) return this.skip();
      const server = await serveEmr([application({ schedulerConfiguration: { maxConcurrentRuns: 1 } })], LONG);
      const [first, second] = [await server.start(), await server.start()];
      await running(server, first);
      await server.reconcile(application({ schedulerConfiguration: { maxConcurrentRuns: 2 } }));
      await running(server, second);
    });

    it("are listed newest first, in pages, by state and time", async () => {
      const server = await serveEmr([application({ schedulerConfiguration: { maxConcurrentRuns: 1 } })], LONG);
      const ids: string[] = [];
      for (let count = 0; count < 5; count++) ids.unshift(await server.start({ name: `run ${count}` }));
      await running(server, ids[4] ?? "");
      const list = async (input: Partial<ListJobRunsCommandInput> = {}) => {
        const { jobRuns = [], nextToken } = await server.serverless.send(
          new ListJobRunsCommand({ applicationId, ...input }),
        );
        return { ids: jobRuns.map(({ id }) => id), nextToken };
      };
      expect((await list()).ids).to.deep.equal(ids);
      const page = await list({ maxResults: 3 });
      const rest = await list({ maxResults: 3, nextToken: page.nextToken });
      expect([page.ids, rest.ids, rest.nextToken]).to.deep.equal([ids.slice(0, 3), ids.slice(3), undefined]);
      expect((await list({ states: ["RUNNING", "SUCCESS"] })).ids).to.deep.equal([ids[4]]);
      expect((await list({ createdAtAfter: new Date("2100-01-01") })).ids).to.deep.equal([]);
      expect((await list({ createdAtBefore: new Date("2100-01-01") })).ids).to.have.lengthOf(5);
      expect((await list({ mode: "STREAMING" })).ids).to.deep.equal([]);
      expect(await refusal(list({ maxResults: 51 }))).to.equal(
        "ValidationException: 1 validation error detected: Value '51' at 'maxResults' failed to satisfy constraint: " +
          "Member must have value less than or equal to 50",
      );
      const otherQuery = list({ maxResults: 3, mode: "BATCH", nextToken: page.nextToken });
      expect(await refusal(otherQuery)).to.equal("ValidationException: The specified nextToken is invalid.");
    });

    it("of Hive are simulated, but their script must exist", async () => {
      const server = await serveEmr([application({ type: "hive" })], { files: { "a.sql": "" } });
      const run = async (query: string) => server.end(await server.start({ jobDriver: { hive: { query } } }));
      const { state, stateDetails } = await run("s3://code/a.sql");
      expect([state, stateDetails]).to.deep.equal(["SUCCESS", "simulated: Hive queries are not run offline"]);
      expect((await run("SELECT 1")).state).to.equal("SUCCESS");
      expect((await run("s3://code/b.sql")).state).to.equal("FAILED");
    });
  });

  describe("refuses", () => {
    const refused: [string, Partial<StartJobRunCommandInput>, RegExp][] = [
      ["an unknown application", { applicationId: "00none" }, /^ResourceNotFoundException: Application 00none/],
      [
        "an invalid role",
        { executionRoleArn: "role" },
        /Value 'role' at 'executionRoleArn' .* greater than or equal to 20/,
      ],
      ["a job of another engine", { jobDriver: { hive: { query: "a" } } }, /of type spark requires sparkSubmit/],
      ["no job", { jobDriver: undefined }, /jobDriver has nothing/],
      [
        "a job without a script",
        { jobDriver: { sparkSubmit: { entryPoint: " " } } },
        /Value at 'jobDriver.sparkSubmit.entryPoint'/,
      ],
      ["a long name", { name: "a".repeat(257) }, /'name' .* length less than or equal to 256/],
      ["a token with invalid characters", { clientToken: "a b" }, /Value 'a b' at 'clientToken' .* pattern: /],
      ["a mode that does not exist", { mode: "FAST" as "BATCH" }, /'mode' .* enum value set: \[BATCH, STREAMING\]/],
      ["no attempts", { retryPolicy: { maxAttempts: 0 } }, /'retryPolicy.maxAttempts' .* greater than or equal to 1/],
      [
        "more attempts than are allowed",
        { retryPolicy: { maxAttempts: 11 } },
        /maxAttempts is 11, but must be from 1 to 10/,
      ],
      [
        "a negative timeout",
        { executionTimeoutMinutes: -1 },
        /'executionTimeoutMinutes' .* greater than or equal to 0/,
      ],
      [
        "several mistakes at once",
        { mode: "FAST" as "BATCH", clientToken: "" },
        /^ValidationException: 3 validation errors detected: /,
      ],
    ];
    testFacts(
      { ...DOCUMENTED, facts: refused.map(([what, input, message]) => ({ fact: what, input, message })) },
      async ({ input, message }) => {
        expect(await refusal((await serveEmr(undefined, FILES)).start(input))).to.match(message);
      },
    );

    it("a job run that does not exist, and an operation that is not emulated", async () => {
      const { serverless } = await serveEmr();
      const get = serverless.send(new GetJobRunCommand({ applicationId, jobRunId: "00none" }));
      expect(await refusal(get)).to.match(/^ResourceNotFoundException: Job run 00none/);
      const remove = serverless.send(new DeleteApplicationCommand({ applicationId }));
      expect(await refusal(remove)).to.match(
        /^NotEmulated: emr-serverless DeleteApplication is not emulated offline, only ListApplications, .*--endpoint/,
      );
    });
  });
});
