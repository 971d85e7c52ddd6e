import { DescribeInstancesCommand, EC2Client } from "@aws-sdk/client-ec2";
import { expect } from "chai";
import { runProgram } from "../../../../offline";
import { writeProgram } from "../../../helpers/offline/program";
import { tick } from "../../../helpers/offline/schedules";
import { closeServers, type Served, serveGraph, until } from "../../../helpers/offline/served";

const YEAR = new Date().getUTCFullYear() + 1;

const program = `
  import * as aws from "@pulumi/aws";
  import { InstanceSchedule, LambdaFunction } from "pulumi-graviton";
  for (const [name, office] of [["a", "yes"], ["b", "yes"], ["c", "no"]]) {
    new aws.ec2.Instance(name, { ami: "ami-0123456789abcdef0", instanceType: "t4g.micro", tags: { office } });
  }
  const drain = new LambdaFunction("drain", { entry: "drain.ts" });
  new InstanceSchedule("hours", {
    tag: { key: "office", value: "yes" },
    start: "at(${YEAR}-06-02T07:00:00)",
    stop: "at(${YEAR}-06-01T19:00:00)",
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
    await tick(server, { to: Date.UTC(YEAR, 5, 1, 19, 1) });
    await until(async () => (await states("yes")).every((state) => state === "stopped"));
    expect(await states("no")).to.deep.equal(["running"]);
    const stopped = () => server.lines.filter((line) => /now stopped i-/.test(line)).length;
    await until(() => stopped() >= 2);
    await tick(server, { to: Date.UTC(YEAR, 5, 2, 7, 1) });
    await until(async () => (await states("yes")).every((state) => state === "running"));
    expect(server.lines.filter((line) => /error/i.test(line))).to.deep.equal([]);
  });
});
