import { DescribeInstancesCommand, EC2Client } from "@aws-sdk/client-ec2";
import { expect } from "chai";
import { runProgram } from "../../../../offline";
import { writeProgram } from "../../../helpers/offline/program";
import { tick } from "../../../helpers/offline/schedules";
import { closeServers, type Served, serveGraph, until } from "../../../helpers/offline/served";

const program = `
  import * as aws from "@pulumi/aws";
  import { InstanceSchedule, LambdaFunction } from "pulumi-graviton";
  for (const [name, office] of [["a", "yes"], ["b", "yes"], ["c", "no"]]) {
    new aws.ec2.Instance(name, { ami: "ami-0123456789abcdef0", instanceType: "t4g.micro", tags: { office } });
  }
  const drain = new LambdaFunction("drain", { entry: "drain.ts" });
  new InstanceSchedule("hours", {
    tag: { key: "office", value: "yes" },
    start: "cron(0 7 * * ? *)",
    stop: "cron(0 19 * * ? *)",
    drainFunctionArn: drain.functionArn,
  });
  new LambdaFunction("watch", {
    entry: "watch.ts",
    events: { states: { rule: { pattern: { source: ["aws.ec2"], detail: { state: ["stopped"] } } } } },
  });
`;

describe("InstanceSchedule offline", function () {
  // It runs a program with the components.
  this.timeout(120_000);
  let server: Served;
  let ec2: EC2Client;

  before(async () => {
    const directory = writeProgram({
      "Pulumi.yaml": "name: hours\nruntime: nodejs\nmain: index.ts\n",
      "index.ts": program,
      "drain.ts": "export const handler = async () => ({ ready: true });",
      "watch.ts": `export const handler = async ({ detail }: any) => console.log("now " + detail.state, detail["instance-id"]);`,
    });
    server = await serveGraph(await runProgram({ directory, config: { "aws:region": "eu-west-1" } }));
    const { endpoint, credentials } = server;
    ec2 = new EC2Client({ endpoint, credentials, region: "eu-west-1" });
  });
  after(closeServers);

  async function states(office: string): Promise<unknown[]> {
    const Filters = [{ Name: "tag:office", Values: [office] }];
    const { Reservations = [] } = await ec2.send(new DescribeInstancesCommand({ Filters }));
    return Reservations.flatMap(({ Instances = [] }) => Instances).map(({ State }) => State?.Name);
  }

  it("stops the instances with the tag in the evening, after they are drained, and starts them in the morning", async () => {
    const tomorrow = new Date(Date.now() + 86_400_000).toISOString().slice(0, 10);
    await tick(server, { to: Date.parse(`${tomorrow}T18:59:00Z`) });
    // The calls are asynchronous: the one of the morning must not run after the one of the evening.
    await until(() => server.lines.some((line) => /action.{1,4}:.{1,3}start/.test(line)));
    await tick(server, { to: Date.parse(`${tomorrow}T19:01:00Z`) });
    await until(async () => (await states("yes")).every((state) => state === "stopped"));
    expect(await states("no")).to.deep.equal(["running"]);
    const stopped = () => server.lines.filter((line) => /now stopped i-/.test(line)).length;
    await until(() => stopped() >= 2);
    await tick(server, { to: Date.parse(`${tomorrow}T19:00:00Z`) + 13 * 3_600_000 });
    await until(async () => (await states("yes")).every((state) => state === "running"));
    expect(server.lines.filter((line) => /error/i.test(line))).to.deep.equal([]);
  });
});
