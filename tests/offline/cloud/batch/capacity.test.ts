import { availableParallelism } from "node:os";
import { TerminateJobCommand } from "@aws-sdk/client-batch";
import { expect } from "chai";
import {
  computeEnvironment,
  image,
  jobDefinition,
  jobQueue,
  NODE_DOCKERFILE,
  serveBatch,
} from "../../../helpers/offline/batch";
import { graphOf } from "../../../helpers/offline/graph";
import { closeServers, until } from "../../../helpers/offline/served";
import { temporaryFolder } from "../../../helpers/temporaryFolder";

describe("AWS Batch, short of capacity,", () => {
  afterEach(closeServers);

  const needs = (VCPU: string) => ({
    containerOverrides: { resourceRequirements: [{ type: "VCPU" as const, value: VCPU }] },
  });
  const endless = { environment: [{ name: "MS", value: "60000" }] };
  const graph = (queue = {}, maxVcpus = 1) =>
    graphOf(
      temporaryFolder(),
      computeEnvironment("spot", { maxVcpus }),
      jobQueue("main", "spot", queue),
      jobQueue("urgent", "spot", { priority: 9 }),
      jobDefinition("work"),
      image({ Dockerfile: NODE_DOCKERFILE, "index.js": "setTimeout(() => {}, process.env.MS ?? 50)" }),
    );

  it("keeps a job that needs more than the maximum in RUNNABLE, and says why", async () => {
    const server = await serveBatch(graph());
    const id = await server.submit(needs("2"));
    await until(async () => (await server.describe(id)).statusReason !== undefined);
    const { status, statusReason } = await server.describe(id);
    expect(status).to.equal("RUNNABLE");
    expect(statusReason).to.match(/^MISCONFIGURATION:COMPUTE_ENVIRONMENT_MAX_RESOURCE .*2 vCPUs.*spot has 1 vCPUs/);
  });

  it("cancels it after the queue's time limit, and runs the next one", async () => {
    const reason = "MISCONFIGURATION:COMPUTE_ENVIRONMENT_MAX_RESOURCE";
    const limits = [{ action: "CANCEL", state: "RUNNABLE", reason, maxTimeSeconds: 0.2 }];
    const server = await serveBatch(graph({ jobStateTimeLimitActions: limits }));
    const [stuck, next] = [await server.submit(needs("2")), await server.submit()];
    expect((await server.end(next)).status).to.equal("SUCCEEDED");
    const { status, statusReason } = await server.describe(stuck);
    expect([status, statusReason]).to.deep.equal([
      "FAILED",
      `Canceled by JobStateTimeLimit action due to reason: ${reason}`,
    ]);
  });

  it("runs only as many jobs at once as it has vCPUs, by the priority of queues and the order of jobs", async () => {
    const server = await serveBatch(graph());
    const ids: string[] = await Promise.all([server.submit(needs("1")), server.submit(needs("1"))]);
    ids.push(await server.submit({ ...needs("1"), jobQueue: "urgent" }));
    const jobs = await Promise.all(ids.map((id) => server.end(id)));
    const runs = jobs.sort((a, b) => (a.startedAt ?? 0) - (b.startedAt ?? 0));
    expect(runs.map(({ jobId }) => jobId).indexOf(ids[2])).to.be.below(2);
    for (const [index, { startedAt = 0 }] of runs.entries()) {
      if (index > 0) expect(startedAt).to.be.at.least(runs[index - 1]?.stoppedAt ?? Infinity);
    }
  });

  it("uses the first enabled environment that has room, in the queue's order", async () => {
    const names = ["off", "small", "big"];
    const computeEnvironmentOrders = names
      .map((name, order) => ({
        order,
        computeEnvironment: `arn:aws:batch:eu-west-1:123456789012:compute-environment/${name}`,
      }))
      .reverse();
    const server = await serveBatch(
      graphOf(
        temporaryFolder(),
        computeEnvironment("off", {}, { state: "DISABLED" }),
        computeEnvironment("small", { maxVcpus: 1 }),
        computeEnvironment("big", { maxVcpus: 2 }),
        jobQueue("main", "off", { computeEnvironmentOrders }),
        jobDefinition("work"),
        image({ Dockerfile: NODE_DOCKERFILE, "index.js": "console.log('in', process.env.AWS_BATCH_CE_NAME)" }),
      ),
    );
    for (const vcpus of ["1", "2"]) await server.end(await server.submit(needs(vcpus)));
    const places = server.lines.flatMap((line) => /\| in (.*)$/.exec(line)?.[1] ?? []);
    expect(places).to.deep.equal(["small", "big"]);
  });

  it("counts memory as well", async () => {
    const server = await serveBatch(graph());
    const id = await server.submit({
      containerOverrides: { resourceRequirements: [{ type: "MEMORY", value: "8193" }] },
    });
    await until(async () => (await server.describe(id)).statusReason !== undefined);
    expect((await server.describe(id)).statusReason).to.match(/and 8193 MiB; spot has 1 vCPUs and 8192 MiB at most/);
  });

  it("runs jobs of a higher priority first under fair share", async () => {
    const schedulingPolicyArn = "arn:aws:batch:eu-west-1:123456789012:scheduling-policy/p";
    const server = await serveBatch(graph({ schedulingPolicyArn }));
    const share = { ...needs("1"), shareIdentifier: "a" };
    const first = await server.submit({
      ...share,
      schedulingPriorityOverride: 5,
      containerOverrides: endless,
    });
    const ids = [await server.submit({ ...share, schedulingPriorityOverride: 1 })];
    ids.push(await server.submit({ ...share, schedulingPriorityOverride: 9 }));
    await until(async () => (await server.describe(first)).status === "RUNNING");
    await server.batch.send(new TerminateJobCommand({ jobId: first, reason: "enough" }));
    const [low, high] = await Promise.all(ids.map((id) => server.end(id)));
    expect(high?.startedAt).to.be.below(low?.startedAt ?? 0);
  });

  it("runs only as many jobs at once as this machine has cores", async () => {
    const server = await serveBatch(graph({}, 10_000));
    const size = availableParallelism() + 2;
    const id = await server.submit({ arrayProperties: { size }, containerOverrides: endless });
    const summary = async () => (await server.describe(id)).arrayProperties?.statusSummary ?? {};
    await until(async () => (await summary()).RUNNING === size - 2);
    expect(await summary()).to.include({ RUNNABLE: 2 });
  });

  it("fails the waiting jobs of a queue that the program drops", async () => {
    const server = await serveBatch(graph());
    const id = await server.submit(needs("2"));
    await until(async () => (await server.describe(id)).status === "RUNNABLE");
    await server.reconcile(graphOf(temporaryFolder(), jobDefinition("work")));
    const { status, statusReason } = await server.end(id);
    expect([status, statusReason]).to.deep.equal(["FAILED", "The job queue main was deleted"]);
  });
});
