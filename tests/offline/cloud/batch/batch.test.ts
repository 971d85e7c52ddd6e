import * as fs from "node:fs";
import * as path from "node:path";
import { CancelJobCommand, DescribeJobsCommand, TerminateJobCommand } from "@aws-sdk/client-batch";
import { expect } from "chai";
import type { Properties } from "../../../../offline/engine/values";
import {
  batchClientOf,
  batchGraph,
  computeEnvironment,
  image,
  jobDefinition,
  jobQueue,
  NODE_DOCKERFILE,
  serveBatch,
} from "../../../helpers/offline/batch";
import { graphOf } from "../../../helpers/offline/graph";
import { closeServers, serveGraph, until } from "../../../helpers/offline/served";
import { temporaryFolder } from "../../../helpers/temporaryFolder";

/** Runs until it is killed. */
const ENDLESS = 'console.log("began", process.pid); setInterval(() => {}, 1000)';
const ECHO = "console.log(JSON.stringify([process.argv.slice(2), process.env, process.cwd()]))";
const failing = (attempts: number, rules: Properties[] = []) => ({
  retryStrategy: { attempts, evaluateOnExits: rules },
});
const SPOT_RULES: Properties[] = [
  { action: "RETRY", onStatusReason: "Your Spot Task*" },
  { action: "EXIT", onReason: "*" },
];

describe("AWS Batch jobs", () => {
  afterEach(closeServers);

  it("go through the states in order, with their times, and show what they print", async () => {
    const server = await serveBatch(batchGraph("setTimeout(() => console.log('done'), 100)"));
    const id = await server.submit({ jobName: "first" });
    const seen: string[] = [];
    await until(async () => {
      const { status = "" } = await server.describe(id);
      if (seen.at(-1) !== status) seen.push(status);
      return status === "SUCCEEDED";
    });
    const order = ["SUBMITTED", "PENDING", "RUNNABLE", "STARTING", "RUNNING", "SUCCEEDED"];
    expect(seen).to.deep.equal(order.filter((status) => seen.includes(status)));
    expect(seen).to.include("RUNNING");
    const job = await server.describe(id);
    expect(job.startedAt).to.be.at.least(job.createdAt ?? Infinity);
    expect(job.stoppedAt).to.be.at.least((job.startedAt ?? Infinity) + 90);
    expect(job.attempts).to.have.lengthOf(1);
    expect(job.attempts?.[0]?.container?.exitCode).to.equal(0);
    expect(server.lines).to.include(`first ${id.slice(0, 8)} | done`);
  });

  it("get the environment of the image, definition, overrides, AWS Batch and endpoint, but not of this machine", async () => {
    process.env.PARENTS_SECRET = "parent";
    const container = {
      environment: [
        { name: "KEPT", value: "definition" },
        { name: "REPLACED", value: "definition" },
      ],
      command: ["Ref::word", "--file=Ref::file"],
    };
    const server = await serveBatch(
      graphOf(
        temporaryFolder(),
        computeEnvironment("spot"),
        jobQueue("main", "spot"),
        jobDefinition("work", container, { parameters: { word: "default", file: "a" } }),
        image({ Dockerfile: `${NODE_DOCKERFILE}ENV OF_IMAGE="an image"\n`, "index.js": ECHO }),
      ),
    );
    const id = await server.submit({
      parameters: { file: "b" },
      containerOverrides: { environment: [{ name: "REPLACED", value: "override" }] },
    });
    await server.end(id);
    delete process.env.PARENTS_SECRET;
    const line = server.lines.find((one) => one.includes("| [")) ?? "";
    const [args, environment] = JSON.parse(line.slice(line.indexOf("[")));
    expect(args).to.deep.equal(["default", "--file=b"]);
    expect(environment).to.include({
      KEPT: "definition",
      REPLACED: "override",
      OF_IMAGE: "an image",
      AWS_BATCH_JOB_ID: id,
      AWS_BATCH_JOB_ATTEMPT: "1",
      AWS_BATCH_JQ_NAME: "main",
      AWS_BATCH_CE_NAME: "spot",
      AWS_ENDPOINT_URL: server.endpoint,
      AWS_REGION: "eu-west-1",
      AWS_ACCESS_KEY_ID: server.credentials.accessKeyId,
    });
    expect(environment).not.to.have.any.keys("PARENTS_SECRET", "AWS_BATCH_JOB_ARRAY_INDEX", "AWS_PROFILE");
    expect(environment.HOME).not.to.equal(process.env.HOME);
  });

  it("are retried up to their attempts, each with its exit code", async () => {
    const server = await serveBatch(
      batchGraph("process.exit(process.env.AWS_BATCH_JOB_ATTEMPT === '3' ? 0 : 7)", failing(3)),
    );
    const job = await server.end(await server.submit());
    expect(job.status).to.equal("SUCCEEDED");
    expect(job.attempts?.map(({ container }) => container?.exitCode)).to.deep.equal([7, 7, 0]);
  });

  it("are retried when their process is killed, as in a Spot reclaim, and not when they fail", async () => {
    const code =
      "if (process.env.AWS_BATCH_JOB_ATTEMPT === '1') { console.log('began'); setInterval(() => {}, 1000) } else process.exit(3)";
    const server = await serveBatch(batchGraph(`console.log(process.pid); ${code}`, failing(5, SPOT_RULES)));
    const id = await server.submit();
    await server.logged("began");
    const pid = Number(/\| (\d+)$/m.exec(server.lines.join("\n"))?.[1]);
    process.kill(pid, "SIGKILL");
    const job = await server.end(id);
    expect(job.attempts?.map(({ statusReason, container }) => [statusReason, container?.exitCode])).to.deep.equal([
      ["Your Spot Task was interrupted.", 137],
      ["Essential container in task exited", 3],
    ]);
    expect(job.status).to.equal("FAILED");
  });

  it("all end, none twice, when 200 of them are submitted at once", async function () {
    this.timeout(120_000);
    const dockerfile = 'FROM alpine\nENTRYPOINT echo "ran $AWS_BATCH_JOB_ID"\n';
    const server = await serveBatch(
      graphOf(
        temporaryFolder(),
        computeEnvironment("spot"),
        jobQueue("main", "spot"),
        jobDefinition("work"),
        image({ Dockerfile: dockerfile }),
      ),
    );
    const ids = await Promise.all(Array.from({ length: 200 }, () => server.submit()));
    for (const id of ids) expect((await server.end(id)).status).to.equal("SUCCEEDED");
    const ran = server.lines.flatMap((line) => / \| ran (.*)$/.exec(line)?.[1] ?? []);
    expect(ran.sort()).to.deep.equal(ids.sort());
  });

  it("use the attempts and the timeout of the request rather than the definition's", async () => {
    const definition = { ...failing(1), timeout: { attemptDurationSeconds: 0.1 } };
    const server = await serveBatch(batchGraph("setTimeout(() => process.exit(7), 300)", definition));
    const overrides = { retryStrategy: { attempts: 2 }, timeout: { attemptDurationSeconds: 60 } };
    const job = await server.end(await server.submit(overrides));
    expect(job.attempts?.map(({ container }) => container?.exitCode)).to.deep.equal([7, 7]);
    expect(job.timeout).to.deep.equal(overrides.timeout);
  });

  it("are ended by their timeout and not retried", async () => {
    const server = await serveBatch(batchGraph(ENDLESS, { ...failing(3), timeout: { attemptDurationSeconds: 0.3 } }));
    const job = await server.end(await server.submit());
    expect([job.status, job.statusReason]).to.deep.equal(["FAILED", "Job attempt duration exceeded timeout"]);
    expect(job.attempts).to.have.lengthOf(1);
  });

  it("keep running under the longest timeout that is allowed", async () => {
    const server = await serveBatch(batchGraph("setTimeout(() => {}, 50)"));
    const id = await server.submit({ timeout: { attemptDurationSeconds: 2 ** 31 - 1 } });
    expect((await server.end(id)).status).to.equal("SUCCEEDED");
  });

  it("name the log of the running attempt, and nothing of the previous one", async () => {
    const code = "console.log('began'); if (process.env.AWS_BATCH_JOB_ATTEMPT === '1') process.exit(7)";
    const server = await serveBatch(batchGraph(`${code}; setInterval(() => {}, 1000)`, failing(2)));
    const id = await server.submit();
    await until(async () => {
      const { attempts = [], status } = await server.describe(id);
      return attempts.length === 1 && status === "RUNNING";
    });
    const { attempts, container } = await server.describe(id);
    expect(container?.logStreamName).to.match(/^work\/default\/[0-9a-f]{32}$/);
    expect(container?.logStreamName).not.to.equal(attempts?.[0]?.container?.logStreamName);
    expect(container?.exitCode).to.equal(undefined);
    await server.batch.send(new TerminateJobCommand({ jobId: id, reason: "enough" }));
    expect((await server.end(id)).container?.exitCode).to.equal(143);
  });

  describe("an array", () => {
    it("runs a child for each index, and ends when they have", async () => {
      const server = await serveBatch(
        batchGraph(
          "const i = process.env.AWS_BATCH_JOB_ARRAY_INDEX; console.log('index', i, 'of', process.env.AWS_BATCH_JOB_ARRAY_SIZE); process.exit(i === '1' ? 1 : 0)",
        ),
      );
      const id = await server.submit({ arrayProperties: { size: 3 } });
      const job = await server.end(id);
      expect([job.status, job.statusReason]).to.deep.equal(["FAILED", "Array Child Job failed"]);
      expect(job.arrayProperties?.statusSummary).to.include({ SUCCEEDED: 2, FAILED: 1, RUNNING: 0 });
      const child = await server.describe(`${id}:2`);
      expect([child.status, child.arrayProperties?.index]).to.deep.equal(["SUCCEEDED", 2]);
      const indexes = server.lines.flatMap((line) => /\| index (.*)$/.exec(line)?.[1] ?? []);
      expect(indexes.sort()).to.deep.equal(["0 of 3", "1 of 3", "2 of 3"]);
    });

    it("runs its children one after another if it is sequential, or each after its counterpart in another array", async () => {
      const server = await serveBatch(
        batchGraph("console.log('ran', process.argv[2], process.env.AWS_BATCH_JOB_ARRAY_INDEX)"),
      );
      const array = { arrayProperties: { size: 3 } };
      const first = await server.submit({
        ...array,
        dependsOn: [{ type: "SEQUENTIAL" }],
        containerOverrides: { command: ["a"] },
      });
      const second = await server.submit({
        ...array,
        dependsOn: [{ jobId: first, type: "N_TO_N" }],
        containerOverrides: { command: ["b"] },
      });
      await server.end(second);
      const ran = server.lines.flatMap((line) => / \| ran (.*)$/.exec(line)?.[1] ?? []);
      expect(ran.filter((one) => one.startsWith("a"))).to.deep.equal(["a 0", "a 1", "a 2"]);
      for (const index of [0, 1, 2]) expect(ran.indexOf(`b ${index}`)).to.be.above(ran.indexOf(`a ${index}`));
      const [early, late] = [await server.describe(`${second}:0`), await server.describe(`${first}:2`)];
      expect(early.startedAt).to.be.at.most(late.startedAt ?? 0);
    });
  });

  describe("that depend on others", () => {
    it("wait for them in PENDING", async () => {
      const server = await serveBatch(batchGraph(ENDLESS));
      const first = await server.submit();
      const second = await server.submit({ dependsOn: [{ jobId: first }] });
      await until(async () => (await server.describe(first)).status === "RUNNING");
      expect((await server.describe(second)).status).to.equal("PENDING");
      await server.batch.send(new TerminateJobCommand({ jobId: first, reason: "enough" }));
      const job = await server.end(second);
      expect([job.status, job.statusReason, job.attempts]).to.deep.equal(["FAILED", "Dependent Job failed", []]);
    });

    it("end after the others, if they are cancelled meanwhile", async () => {
      const code =
        "console.log('in', process.cwd()); const t = setInterval(() => fs.existsSync('go') && clearInterval(t), 20)";
      const server = await serveBatch(batchGraph(`const fs = require("node:fs"); ${code}`));
      const first = await server.submit();
      const second = await server.submit({ dependsOn: [{ jobId: first }] });
      await until(() => server.lines.some((line) => line.includes("| in ")));
      await server.batch.send(new CancelJobCommand({ jobId: second, reason: "changed my mind" }));
      expect((await server.describe(second)).status).to.equal("PENDING");
      fs.writeFileSync(path.join(/\| in (.*)$/m.exec(server.lines.join("\n"))?.[1] ?? "", "go"), "");
      const job = await server.end(second);
      expect([job.status, job.statusReason, job.attempts]).to.deep.equal(["FAILED", "changed my mind", []]);
      expect((await server.describe(first)).status).to.equal("SUCCEEDED");
    });

    it("fail at once if the others have already failed", async () => {
      const server = await serveBatch(batchGraph("process.exit(1)"));
      const first = await server.submit();
      await server.end(first);
      const job = await server.end(await server.submit({ dependsOn: [{ jobId: first }] }));
      expect([job.status, job.statusReason, job.attempts]).to.deep.equal(["FAILED", "Dependent Job failed", []]);
    });

    it("run if the others have already succeeded", async () => {
      const server = await serveBatch(batchGraph("1"));
      const first = await server.submit();
      await server.end(first);
      expect((await server.end(await server.submit({ dependsOn: [{ jobId: first }] }))).status).to.equal("SUCCEEDED");
    });
  });

  describe("that are cancelled or terminated", () => {
    it("get SIGTERM and end as FAILED with the reason, whatever their exit code", async () => {
      const server = await serveBatch(
        batchGraph(
          `process.on("SIGTERM", () => { console.log("tidied up"); process.exit(0) }); ${ENDLESS}`,
          failing(3),
        ),
      );
      const id = await server.submit();
      await until(() => server.lines.some((line) => line.includes("began")));
      await server.batch.send(new CancelJobCommand({ jobId: id, reason: "too late for that" }));
      await server.batch.send(new TerminateJobCommand({ jobId: id, reason: "enough" }));
      const job = await server.end(id);
      expect([job.status, job.statusReason, job.isTerminated]).to.deep.equal(["FAILED", "enough", true]);
      expect(job.attempts).to.have.lengthOf(1);
      await server.logged("tidied up");
    });

    it("never start if they are cancelled before", async () => {
      const server = await serveBatch(
        batchGraph(ENDLESS, {}, computeEnvironment("off", {}, { state: "DISABLED" }), jobQueue("closed", "off")),
      );
      const id = await server.submit({ jobQueue: "closed" });
      await until(async () => (await server.describe(id)).statusReason !== undefined);
      await server.batch.send(new CancelJobCommand({ jobId: id, reason: "changed my mind" }));
      const job = await server.end(id);
      expect([job.status, job.statusReason, job.isCancelled]).to.deep.equal(["FAILED", "changed my mind", true]);
    });

    it("end as an array with all their children", async () => {
      const server = await serveBatch(batchGraph(ENDLESS));
      const id = await server.submit({ arrayProperties: { size: 50 } });
      await until(() => server.lines.some((line) => line.includes("began")));
      await server.batch.send(new TerminateJobCommand({ jobId: id, reason: "enough" }));
      expect((await server.end(id)).arrayProperties?.statusSummary).to.include({ FAILED: 50 });
    });

    it("are accepted although they do not exist", async () => {
      const server = await serveBatch(batchGraph("1"));
      await server.batch.send(new TerminateJobCommand({ jobId: "nobody", reason: "enough" }));
      expect((await server.batch.send(new DescribeJobsCommand({ jobs: ["nobody"] }))).jobs).to.deep.equal([]);
    });
  });

  it("leave no process behind when the server closes", async () => {
    const server = await serveBatch(
      batchGraph(
        `require("child_process").spawn("sleep", ["60"], { stdio: "inherit" }); process.on("SIGTERM", () => {}); ${ENDLESS}`,
      ),
    );
    await server.submit();
    await until(() => server.lines.some((line) => line.includes("began")));
    const pid = Number(/began (\d+)/.exec(server.lines.join("\n"))?.[1]);
    await closeServers();
    // Closing waits for the output, which the grandchild holds open as long as it lives.
    expect(() => process.kill(pid, 0)).to.throw(/ESRCH/);
  });

  it("end with their command, with the processes that it leaves behind, as in a container", async () => {
    const server = await serveBatch(
      batchGraph(
        `console.log("left", require("child_process").spawn("sleep", ["60"], { stdio: "inherit" }).pid); process.exit(0)`,
      ),
    );
    expect((await server.end(await server.submit())).status).to.equal("SUCCEEDED");
  });

  it("continue through an update, and later ones use the new definition", async () => {
    const server = batchClientOf(await serveGraph(batchGraph(ENDLESS)));
    const id = await server.submit();
    await until(() => server.lines.some((line) => line.includes("began")));
    const changes = await server.reconcile(batchGraph("console.log('new code')"));
    expect(changes).to.deep.equal([{ action: "updated", kind: "job definition", name: "work" }]);
    expect((await server.describe(id)).status).to.equal("RUNNING");
    await server.end(await server.submit());
    await server.logged("| new code");
    await server.batch.send(new TerminateJobCommand({ jobId: id, reason: "enough" }));
    await server.end(id);
  });
});
