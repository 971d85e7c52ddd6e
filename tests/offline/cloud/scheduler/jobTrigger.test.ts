import { ReceiveMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { expect } from "chai";
import { type Graph, runProgram } from "../../../../offline";
import { reveal } from "../../../../offline/engine/values";
import { DOCUMENTATION, testFact } from "../../../helpers/facts";
import { writeProgram } from "../../../helpers/offline/program";
import { tick } from "../../../helpers/offline/schedules";
import { closeServers, type Served, serveGraph, until } from "../../../helpers/offline/served";

/** The last Sunday of next year's March, on which clocks in Berlin go from 2 to 3. */
const change = new Date(Date.UTC(new Date().getUTCFullYear() + 1, 2, 31));
change.setUTCDate(31 - change.getUTCDay());

/** A date so many days after that Sunday. */
function day(after: number): string {
  return new Date(change.getTime() + after * 86_400_000).toISOString().slice(0, 10);
}

const program = `
  import * as aws from "@pulumi/aws";
  import { GravitonBatch, JobImage, JobTrigger } from "pulumi-graviton";
  const image = new JobImage("image", { context: "job" }).imageUri;
  const batch = new GravitonBatch("batch", {
    environments: [{ type: "FARGATE", maxVcpus: 4 }],
    jobs: { report: { image } },
    subnetIds: ["subnet-1"],
    securityGroupIds: ["sg-1"],
  });
  const trigger = new JobTrigger("nightly", {
    batch,
    schedule: "cron(30 2 * * ? *)",
    timeZone: "Europe/Berlin",
    environment: { AT: "<aws.scheduler.scheduled-time>" },
  });
  export const queue = trigger.deadLetterQueue.url;
  new aws.scheduler.Schedule("broken", {
    scheduleExpression: "at(${day(1)}T13:00:00)",
    flexibleTimeWindow: { mode: "OFF" },
    target: {
      arn: "arn:aws:lambda:eu-west-1:123456789012:function:gone",
      roleArn: "arn:aws:iam::123456789012:role/role",
      input: '{"a":1}',
      deadLetterConfig: { arn: trigger.deadLetterQueue.arn },
    },
  });
`;

describe("JobTrigger offline", function () {
  // It runs a program with the components and a few jobs.
  this.timeout(60_000);
  let server: Served;
  let graph: Graph;

  before(async () => {
    const directory = writeProgram({
      "Pulumi.yaml": "name: nightly\nruntime: nodejs\nmain: index.ts\n",
      "index.ts": program,
      "job/Dockerfile": 'FROM node:24-slim\nWORKDIR /app\nCOPY . .\nENTRYPOINT ["node", "index.js"]\n',
      "job/index.js": "console.log('report of', process.env.AT)",
    });
    graph = await runProgram({ directory, config: { "aws:region": "eu-west-1" } });
    server = await serveGraph(graph);
  });
  after(closeServers);

  const berlin = { service: "EventBridge Scheduler", source: DOCUMENTATION };
  testFact(berlin, "runs a job every night but the one on which clocks skip its time", async () => {
    await tick(server, { to: Date.parse(`${day(-2)}T12:00:00Z`) });
    const { answer } = await tick(server, { to: Date.parse(`${day(1)}T12:00:00Z`) });
    expect(answer.fired.map(({ what, failure }) => [what.replace(/-[0-9a-f]{7}$/, ""), failure])).to.deep.equal([
      ["schedule nightly", undefined],
      ["schedule nightly", undefined],
    ]);
    const expected = [`report of ${day(-1)}T01:30:00Z`, `report of ${day(1)}T00:30:00Z`];
    const reports = () => server.lines.flatMap((line) => /report of .*/.exec(line)?.[0] ?? []);
    // Each job is a process.
    await until(() => expected.every((line) => reports().includes(line)), 40);
    expect(reports()).not.to.include(`report of ${day(0)}T01:30:00Z`);
    expect(server.problems.filter((problem) => problem.includes("schedule"))).to.deep.equal([]);
  });

  it("keeps what a schedule could not deliver in a queue, with the reason", async () => {
    const { answer } = await tick(server, { to: Date.parse(`${day(1)}T14:00:00Z`) });
    expect(answer.fired[0]?.failure).to.match(/^the program has no such function/);
    const { endpoint, credentials } = server;
    const sqs = new SQSClient({ endpoint, credentials, region: "eu-west-1", useQueueUrlAsEndpoint: false });
    const QueueUrl = String(reveal(graph.outputs.queue));
    const { Messages = [] } = await sqs.send(
      new ReceiveMessageCommand({ QueueUrl, MessageAttributeNames: ["All"], MaxNumberOfMessages: 10 }),
    );
    const [message] = Messages;
    expect(message?.Body).to.equal('{"a":1}');
    expect(message?.MessageAttributes?.ERROR_CODE?.StringValue).to.equal("ResourceNotFoundException");
    expect(message?.MessageAttributes?.TARGET_ARN?.StringValue).to.match(/:function:gone$/);
  });

  it("has a clock that does not go back, nor further than schedules can", async () => {
    const [back, beyond, neither] = await Promise.all([
      tick(server, { to: Date.now() - 1 }),
      tick(server, { by: 200 * 366 * 86_400_000 }),
      tick(server, {}),
    ]);
    expect(back.answer.message).to.match(/clock shows .* and cannot be moved back/);
    expect(beyond.answer.message).to.match(/beyond the year 2199/);
    expect([back.status, beyond.status, neither.status]).to.deep.equal([400, 400, 400]);
  });
});
