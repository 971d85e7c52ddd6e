import * as fs from "node:fs";
import * as path from "node:path";
import {
  DescribeJobQueuesCommand,
  DescribeJobsCommand,
  ListJobsCommand,
  type ListJobsCommandInput,
  TerminateJobCommand,
} from "@aws-sdk/client-batch";
import { expect } from "chai";
import { Batch, type BatchOptions } from "../../../../offline/cloud/batch/batch";
import { findDefinition, readBatch } from "../../../../offline/cloud/batch/model";
import { Logs } from "../../../../offline/cloud/logs/logs";
import { DOCUMENTATION, testFact, testFacts } from "../../../helpers/facts";
import { send } from "../../../helpers/offline/api";
import {
  batchGraph,
  computeEnvironment,
  IMAGE,
  image,
  jobDefinition,
  jobQueue,
  NODE_DOCKERFILE,
  type ServedBatch,
  serveBatch,
} from "../../../helpers/offline/batch";
import { graphOf } from "../../../helpers/offline/graph";
import { closeServers, until } from "../../../helpers/offline/served";
import { signed } from "../../../helpers/offline/signed";
import { temporaryFolder } from "../../../helpers/temporaryFolder";

const DOCUMENTED = { service: "Batch", source: DOCUMENTATION };

const ENDLESS = 'console.log("began"); setInterval(() => {}, 1000)';

/** A service by itself that kills jobs 50 ms after SIGTERM, which its jobs ignore. */
function localBatch(options: Partial<BatchOptions>) {
  const credentials = { accessKeyId: "", secretAccessKey: "" };
  const lines: string[] = [];
  const log = (line: string) => void lines.push(line);
  const defaults = { endpoint: "", credentials, docker: false, log, logs: new Logs(), killAfterMilliseconds: 50 };
  const batch = new Batch({ ...defaults, ...options });
  batch.reconcile(batchGraph(`process.on("SIGTERM", () => {}); ${ENDLESS}`));
  return { batch, lines };
}

async function list(server: ServedBatch, input: ListJobsCommandInput) {
  const { jobSummaryList = [], nextToken } = await server.batch.send(new ListJobsCommand(input));
  return {
    names: jobSummaryList.map(({ jobName }) => jobName),
    ids: jobSummaryList.map(({ jobId }) => jobId),
    nextToken,
  };
}

describe("AWS Batch queues", () => {
  afterEach(closeServers);

  describe("SubmitJob refuses", () => {
    let server: ServedBatch;
    const size = (length: number) => ({ arrayProperties: { size: length } });
    const environment = (name: string, value = "") => ({ containerOverrides: { environment: [{ name, value }] } });
    const wrong: [string, Parameters<ServedBatch["submit"]>[0], RegExp][] = [
      ["a name that begins with a hyphen", { jobName: "-a" }, /^Job name should match valid pattern: "-a"/],
      ["a name of 129 characters", { jobName: "a".repeat(129) }, /at most 128/],
      [
        "a queue that does not exist",
        { jobQueue: "other" },
        /"other" does not exist; the program has main, closed, fair/,
      ],
      ["a disabled queue", { jobQueue: "closed" }, /closed is DISABLED/],
      ["a definition that does not exist", { jobDefinition: "work:2" }, /"work:2" does not exist.*work:1/],
      [
        "a definition for EC2 on Fargate",
        { jobDefinition: "onEc2" },
        /^Job Queue is attached to Compute Environment that can not run Jobs with capability EC2\. .* onEc2$/,
      ],
      ["an array of one", size(1), /'1' at 'arrayProperties.size' .* greater than or equal to 2$/],
      ["an array of 10,001", size(10_001), /'arrayProperties.size' .* less than or equal to 10000$/],
      [
        "a timeout of 59 s",
        { timeout: { attemptDurationSeconds: 59 } },
        /'59' at 'timeout.attemptDurationSeconds' .* greater than or equal to 60$/,
      ],
      [
        "eleven attempts",
        { retryStrategy: { attempts: 11 } },
        /'11' at 'retryStrategy.attempts' .* less than or equal to 10$/,
      ],
      [
        "six retry rules",
        { retryStrategy: { attempts: 2, evaluateOnExit: Array(6).fill({ action: "EXIT", onExitCode: "1" }) } },
        /'retryStrategy.evaluateOnExit' .* length less than or equal to 5$/,
      ],
      [
        "rules without attempts",
        { retryStrategy: { evaluateOnExit: [{ action: "EXIT", onExitCode: "1" }] } },
        /^RetryAttempts must be provided with retry strategy: give retryStrategy.attempts/,
      ],
      [
        "an unknown action",
        { retryStrategy: { attempts: 2, evaluateOnExit: [{ action: "AGAIN" as "EXIT", onExitCode: "1" }] } },
        /'AGAIN' at 'retryStrategy.evaluateOnExit.1.member.action'/,
      ],
      [
        "a rule without a condition",
        { retryStrategy: { attempts: 2, evaluateOnExit: [{ action: "EXIT" }] } },
        /evaluateOnExit\[0\] has no condition: give onStatusReason/,
      ],
      ["a priority of 10,000", { schedulingPriorityOverride: 10_000 }, /'10000' at 'schedulingPriorityOverride'/],
      [
        "a variable without a name",
        { containerOverrides: { environment: [{ value: "a" }] } },
        /Value null at 'containerOverrides.environment.1.member.name'/,
      ],
      [
        "21 dependencies",
        { dependsOn: Array(21).fill({ jobId: "a" }) },
        /'dependsOn' .* length less than or equal to 20/,
      ],
      [
        "several mistakes at once",
        { ...size(1), schedulingPriorityOverride: -1 },
        /^2 validation errors detected: .*'schedulingPriorityOverride'.*; .*'arrayProperties.size'/,
      ],
      [
        "a reference without a parameter",
        { containerOverrides: { command: ["Ref::toString"] } },
        /^Unable to substitute value. No parameter found for reference toString/,
      ],
      ["a dependency that does not exist", { dependsOn: [{ jobId: "gone" }] }, /the job gone, which does not exist/],
      [
        "a sequential job that is not an array",
        { dependsOn: [{ type: "SEQUENTIAL" }] },
        /SEQUENTIAL is for array jobs/,
      ],
      ["AWS Batch's own variables", environment("AWS_BATCH_JOB_ID"), /AWS_BATCH_JOB_ID begins with AWS_BATCH/],
      ["more than 30 KiB", environment("BIG", "x".repeat(30 * 1024)), /more than 30720 bytes/],
      ["an empty string in the command", { containerOverrides: { command: [""] } }, /^Command cannot be empty/],
      [
        "the deprecated vcpus on Fargate",
        { containerOverrides: { vcpus: 2 } },
        /containerOverrides.vcpus does not apply to Fargate jobs/,
      ],
      [
        "a resource requirement of zero",
        { containerOverrides: { resourceRequirements: [{ type: "VCPU", value: "0" }] } },
        /^Value 0 for type VCPU in resourceRequirement is not valid\. Please provide a numeric value/,
      ],
      ["a share in a queue without fair share", { shareIdentifier: "a" }, /leave shareIdentifier out/],
      ["no share in a queue with fair share", { jobQueue: "fair" }, /give a shareIdentifier/],
      ["a share without a priority", { jobQueue: "fair", shareIdentifier: "a" }, /schedulingPriorityOverride/],
      ["overrides for another kind of job", { nodeOverrides: { numNodes: 2 } }, /nodeOverrides does not apply/],
    ];
    beforeEach(async () => {
      const more = [
        jobQueue("closed", "spot", { state: "DISABLED" }),
        jobQueue("fair", "spot", { schedulingPolicyArn: "arn:aws:batch:eu-west-1:123456789012:scheduling-policy/p" }),
        jobDefinition("onEc2", {}, { platformCapabilities: [] }),
        jobDefinition("nodes", {}, { type: "multinode" }),
      ];
      server = await serveBatch(batchGraph("1", {}, ...more));
    });

    testFacts(
      { ...DOCUMENTED, facts: wrong.map(([what, input, message]) => ({ fact: what, input, message })) },
      async ({ input, message }) => {
        const error = await server.submit(input).catch((reason) => reason);
        expect([error.name, error.$metadata?.httpStatusCode]).to.deep.equal(["ClientException", 400]);
        expect(error.message).to.match(message);
      },
    );

    it("a size in words as a document that cannot be read", async () => {
      const error = await server
        .submit({ arrayProperties: { size: "two" as unknown as number } })
        .catch((reason) => reason);
      expect([error.name, error.message]).to.deep.equal([
        "SerializationException",
        "STRING_VALUE cannot be converted to Integer",
      ]);
    });

    it("multi-node jobs as not emulated, and start says so", async () => {
      const error = await server.submit({ jobDefinition: "nodes" }).catch((reason) => reason);
      expect(error.name).to.equal("NotEmulated");
      expect(error.message).to.match(/multi-node jobs.*--endpoint batch=/);
      expect(server.problems.join()).to.include("job definition nodes does not run offline");
    });

    testFact(DOCUMENTED, "N_TO_N with an array of another size", async () => {
      const jobId = await server.submit({ arrayProperties: { size: 2 } });
      const error = await server
        .submit({ arrayProperties: { size: 3 }, dependsOn: [{ jobId, type: "N_TO_N" }] })
        .catch((reason) => reason);
      expect(error.message).to.match(/same size, 3/);
    });
  });

  testFact(DOCUMENTED, "find definitions by name, with or without a revision, and by ARN", async () => {
    const server = await serveBatch(batchGraph("1"));
    const arn = "arn:aws:batch:eu-west-1:123456789012:job-definition/work";
    for (const jobDefinition of ["work", "work:1", arn, `${arn}:1`]) {
      const job = await server.describe(await server.submit({ jobDefinition }));
      expect(job.jobDefinition).to.equal(`${arn}:1`);
    }
  });

  it("take the action of a retry rule in any case", async () => {
    const server = await serveBatch(batchGraph("process.exit(7)"));
    const evaluateOnExit = [{ action: "exit" as "EXIT", onExitCode: "7" }];
    const job = await server.end(await server.submit({ retryStrategy: { attempts: 2, evaluateOnExit } }));
    expect([job.attempts?.length, job.retryStrategy?.evaluateOnExit?.[0]?.action]).to.deep.equal([1, "EXIT"]);
  });

  it("find the latest revision of a definition by its name alone", () => {
    const arn = "arn:aws:batch:eu-west-1:123456789012:job-definition/work";
    const { definitions } = readBatch(batchGraph("1"));
    const revisions = [9, 10, 2].flatMap((revision) =>
      definitions.map((one) => ({ ...one, revision, arn: `${arn}:${revision}` })),
    );
    const model = { queues: [], definitions: revisions };
    expect(findDefinition(model, "work")?.revision).to.equal(10);
    expect(findDefinition(model, "work:2")?.revision).to.equal(2);
  });

  testFact(DOCUMENTED, "refuse more than 100 ids, and to end a job without a reason or with a long one", async () => {
    const { batch } = await serveBatch(batchGraph("1"));
    const end = (reason?: string) => batch.send(new TerminateJobCommand({ jobId: "a", reason }));
    const messages = await Promise.all(
      [batch.send(new DescribeJobsCommand({ jobs: Array(101).fill("a") })), end(), end("x".repeat(1025))].map(
        (answer) => answer.then(String, ({ message }) => message),
      ),
    );
    const wrong = "1 validation error detected: Value ";
    expect(messages).to.deep.equal([
      "Maximum number of jobs supported is 100",
      `${wrong}null at 'reason' failed to satisfy constraint: Member must not be null`,
      `${wrong}'${"x".repeat(1025)}' at 'reason' failed to satisfy constraint: Member must have length less than or equal to 1024`,
    ]);
  });

  it("name an operation that is not emulated", async () => {
    const server = await serveBatch(batchGraph("1"));
    const error = await server.batch.send(new DescribeJobQueuesCommand({})).catch((reason) => reason);
    expect(error.message).to.match(/batch DescribeJobQueues is not emulated offline/);
  });

  describe("ListJobs", () => {
    it("shows running jobs, or those of a state, newest first and in pages", async () => {
      const server = await serveBatch(batchGraph("1"));
      for (const jobName of ["one", "two", "three"]) await server.end(await server.submit({ jobName }));
      expect((await list(server, { jobQueue: "main" })).names).to.deep.equal([]);
      const query = { jobQueue: "main", jobStatus: "SUCCEEDED", maxResults: 2 } as const;
      const first = await list(server, query);
      expect(first.names).to.deep.equal(["three", "two"]);
      await server.end(await server.submit({ jobName: "four" }));
      const second = await list(server, { ...query, nextToken: first.nextToken });
      expect(second).to.deep.include({ names: ["one"], nextToken: undefined });
    });

    it("filters by name, definition and time", async () => {
      const server = await serveBatch(batchGraph("1", {}, jobDefinition("other", { image: "x" })));
      await server.end(await server.submit({ jobName: "Alpha" }));
      await server.end(await server.submit({ jobName: "beta", jobDefinition: "other" }));
      const by = async (name: string, value: string) =>
        (await list(server, { jobQueue: "main", filters: [{ name, values: [value] }] })).names;
      expect(await by("JOB_NAME", "alp*")).to.deep.equal(["Alpha"]);
      expect(await by("JOB_DEFINITION", "oth*")).to.deep.equal(["beta"]);
      expect(await by("AFTER_CREATED_AT", "0")).to.deep.equal(["beta", "Alpha"]);
      expect(await by("BEFORE_CREATED_AT", "0")).to.deep.equal([]);
    });

    it("filters by share, and by state if one is given too", async () => {
      const schedulingPolicyArn = "arn:aws:batch:eu-west-1:123456789012:scheduling-policy/p";
      const server = await serveBatch(batchGraph("1", {}, jobQueue("fair", "spot", { schedulingPolicyArn })));
      const share = { jobQueue: "fair", schedulingPriorityOverride: 1 };
      await server.end(await server.submit({ ...share, jobName: "one", shareIdentifier: "a" }));
      await server.end(await server.submit({ ...share, jobName: "two", shareIdentifier: "b" }));
      const query = { jobQueue: "fair", filters: [{ name: "SHARE_IDENTIFIER", values: ["a"] }] };
      expect((await list(server, query)).names).to.deep.equal(["one"]);
      expect((await list(server, { ...query, jobStatus: "SUCCEEDED" })).names).to.deep.equal(["one"]);
      expect((await list(server, { ...query, jobStatus: "FAILED" })).names).to.deep.equal([]);
    });

    it("lists an array's children by index, and only the array itself in its queue", async () => {
      const server = await serveBatch(batchGraph("1"));
      const id = await server.submit({ arrayProperties: { size: 3 } });
      await server.end(id);
      const children = await list(server, { arrayJobId: id, jobStatus: "SUCCEEDED" });
      expect(children.ids).to.deep.equal([0, 1, 2].map((index) => `${id}:${index}`));
      expect((await list(server, { jobQueue: "main", jobStatus: "SUCCEEDED" })).ids).to.deep.equal([id]);
    });

    testFact(
      DOCUMENTED,
      "refuses a list without a subject, unknown states and filters, and invalid tokens",
      async () => {
        const server = await serveBatch(batchGraph("1"));
        const messages = await Promise.all(
          [
            {},
            { jobQueue: "main", jobStatus: "DONE" as "FAILED" },
            { jobQueue: "main", filters: [{ name: "COLOUR", values: ["red"] }] },
            { jobQueue: "main", maxResults: 0 },
            { jobQueue: "main", nextToken: "x" },
            { jobQueue: "main", filters: [{ name: "constructor", values: ["red"] }] },
          ].map((input) => list(server, input).catch(({ message }) => message)),
        );
        expect(messages[0]).to.match(/Give one of jobQueue/);
        expect(messages[1]).to.match(/'DONE' at 'jobStatus' .* enum value set: \[SUBMITTED,/);
        expect(messages[2]).to.match(/'COLOUR' at 'filters.1.member.name' .* enum value set: \[JOB_NAME,/);
        expect(messages[3]).to.match(/'0' at 'maxResults' .* greater than or equal to 1/);
        expect(messages[4]).to.match(/nextToken is invalid/);
        expect(messages[5]).to.match(/'constructor' at 'filters/);
      },
    );
  });

  describe("images", () => {
    const withImages = (...images: ReturnType<typeof image>[]) =>
      graphOf(
        temporaryFolder(),
        computeEnvironment("spot"),
        jobQueue("main", "spot"),
        jobDefinition("work"),
        ...images,
      );

    it("that the program does not build fail the job at once, and say what to do", async () => {
      const server = await serveBatch(withImages());
      const job = await server.end(await server.submit({ retryStrategy: { attempts: 3 } }));
      expect(job.status).to.equal("FAILED");
      expect(job.statusReason).to.match(new RegExp(`^Image not run offline: ${IMAGE}.*--docker`));
      expect(server.problems.join()).to.include("jobs of the definition work fail offline");
    });

    it("whose program is missing on this machine fail to start, as in AWS", async () => {
      const server = await serveBatch(withImages(image({ Dockerfile: 'FROM x\nCMD ["no-such-program"]' })));
      const job = await server.end(await server.submit({ retryStrategy: { attempts: 2 } }));
      expect(job.attempts?.map(({ container }) => container?.reason?.slice(0, 42))).to.deep.equal(
        Array(2).fill("CannotStartContainerError: no-such-program"),
      );
    });

    it("are found relative to the program's folder, and get its build arguments", async () => {
      const workingDirectory = temporaryFolder();
      fs.mkdirSync(path.join(workingDirectory, "image"));
      const dockerfile = "FROM a\nARG WHO=nobody\nENV WHO=$WHO\nCMD echo hello $WHO\n";
      fs.writeFileSync(path.join(workingDirectory, "image/Dockerfile"), dockerfile);
      const relative = image({}, { context: "image", args: { WHO: "world" } });
      const server = await serveBatch({ ...withImages(relative), workingDirectory });
      await server.submit();
      await server.logged("hello world");
    });

    it("are built and run with Docker on request", async () => {
      const folder = temporaryFolder();
      const script = `#!/bin/sh
case "$1" in build) echo "$@" > "$0.log"; echo sha256:built ;; *) echo "docker $@" ;; esac
`;
      fs.writeFileSync(path.join(folder, "docker"), script, { mode: 0o755 });
      const before = process.env.PATH;
      process.env.PATH = `${folder}${path.delimiter}${before}`;
      try {
        const built = image({ Dockerfile: NODE_DOCKERFILE }, { target: "last", args: { A: "1" } });
        const server = await serveBatch(withImages(built), { docker: true });
        const job = await server.end(await server.submit({ containerOverrides: { command: ["a b"] } }));
        expect(job.status).to.equal("SUCCEEDED");
        expect(server.lines.join("\n")).to.match(
          /docker run --rm --name \S+ .*--env AWS_BATCH_JOB_ID=\S+.* sha256:built a b/,
        );
        expect(fs.readFileSync(path.join(folder, "docker.log"), "utf8")).to.match(
          /^build .*--file \S+Dockerfile --target last --platform linux\/arm64 --build-arg A=1 \S+$/m,
        );
      } finally {
        process.env.PATH = before;
      }
    });
  });

  it("kill a container whose command ignores SIGTERM, too", async () => {
    const folder = temporaryFolder();
    const killed = path.join(folder, "killed");
    const run = `trap "" TERM; echo running; while :; do sleep 0.05; done`;
    const script = `#!/bin/sh\ncase "$1" in build) echo built ;; run) ${run} ;; kill) echo "$2" > ${killed} ;; esac\n`;
    fs.writeFileSync(path.join(folder, "docker"), script, { mode: 0o755 });
    const before = process.env.PATH;
    process.env.PATH = `${folder}${path.delimiter}${before}`;
    try {
      const { batch, lines } = localBatch({ docker: true });
      const job = batch.submit({ jobName: "a", jobQueue: "main", jobDefinition: "work" });
      await until(() => lines.some((line) => line.endsWith("| running")));
      batch.jobs.terminate(job, "enough");
      await until(() => fs.existsSync(killed) && fs.readFileSync(killed, "utf8").includes("\n"));
      expect(fs.readFileSync(killed, "utf8")).to.match(/^pulumi-offline-/);
      await batch.close();
    } finally {
      process.env.PATH = before;
    }
  });

  it("say which secrets a job does not get", async () => {
    const secrets = [{ name: "PASSWORD", valueFrom: "arn:aws:ssm:eu-west-1:123456789012:parameter/p" }];
    const server = await serveBatch(batchGraph("1", {}, jobDefinition("secret", { secrets })));
    await server.end(await server.submit({ jobDefinition: "secret" }));
    expect(server.lines.join("\n")).to.match(/secrets are not read offline.*PASSWORD/);
  });

  it("kill a job that ignores SIGTERM, and forget the oldest ended jobs", async () => {
    const { batch, lines } = localBatch({ remembered: 1 });
    const request = { jobName: "a", jobQueue: "main", jobDefinition: "work" };
    const [first, second] = [batch.submit(request), batch.submit(request)];
    for (const job of [first, second]) {
      await until(() => lines.some((line) => line === `${job.label} | began`));
      batch.jobs.terminate(job, "enough");
      await until(() => job.ended);
    }
    expect(second.attempts[0]?.container.exitCode).to.equal(137);
    expect([batch.jobs.find(first.id), batch.jobs.find(second.id)]).to.deep.equal([undefined, second]);
    await batch.close();
  });

  it("keep the output of an attempt for GetLogEvents", async () => {
    const server = await serveBatch(batchGraph("console.log('one'); console.log('two')"));
    const { container } = await server.end(await server.submit());
    const request = {
      service: "logs",
      headers: { "x-amz-target": "Logs_20140328.GetLogEvents" },
      body: JSON.stringify({ logGroupName: "jobs", logStreamName: container?.logStreamName }),
    };
    const { body } = await send(server.endpoint, await signed(server, request));
    const { events } = JSON.parse(body) as { events: { message: string }[] };
    expect(events.map(({ message }) => message)).to.deep.equal(["one", "two"]);
  });
});
