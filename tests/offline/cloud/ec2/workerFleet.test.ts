import { DescribeInstancesCommand, EC2Client, type Instance } from "@aws-sdk/client-ec2";
import { expect } from "chai";
import { runProgram } from "../../../../offline";
import { writeProgram } from "../../../helpers/offline/program";
import { tick } from "../../../helpers/offline/schedules";
import { closeServers, type Served, serveGraph, until } from "../../../helpers/offline/served";

const YEAR = new Date().getUTCFullYear() + 1;

const program = `
  import { InstanceSchedule, WorkerFleet } from "pulumi-graviton";
  const tag = { key: "office", value: "yes" };
  const place = { subnetIds: ["subnet-0a", "subnet-0b"], securityGroupIds: ["sg-0a"] };
  new WorkerFleet("single", { tag, instances: 2, spot: true, ...place });
  new WorkerFleet("scaled", { tag, group: { minimum: 1, maximum: 2 }, instanceTypes: ["m8g.large"], ...place });
  new InstanceSchedule("hours", {
    tag,
    start: "at(${YEAR}-06-02T07:00:00)",
    stop: "at(${YEAR}-06-01T19:00:00)",
  });
`;

describe("WorkerFleet offline", function () {
  // It runs a program with the components.
  this.timeout(120_000);
  let server: Served;
  let ec2: EC2Client;

  before(async () => {
    const directory = writeProgram({
      "Pulumi.yaml": "name: fleet\nruntime: nodejs\nmain: index.ts\n",
      "index.ts": program,
    });
    server = await serveGraph(await runProgram({ directory, config: { "aws:region": "eu-west-1" } }));
    const { endpoint, credentials } = server;
    ec2 = new EC2Client({ endpoint, credentials, region: "eu-west-1" });
  });
  after(closeServers);

  /** The instances of a fleet, which have its name and the schedule's tag. */
  async function instancesOf(fleet: string): Promise<Instance[]> {
    const Filters = [
      { Name: "tag:Name", Values: [fleet] },
      { Name: "tag:office", Values: ["yes"] },
    ];
    const { Reservations = [] } = await ec2.send(new DescribeInstancesCommand({ Filters }));
    return Reservations.flatMap(({ Instances = [] }) => Instances);
  }

  const states = async (fleet: string) => (await instancesOf(fleet)).map(({ State }) => State?.Name);

  it("has Graviton instances by its template, in the subnets in turn, with their role and security group", async () => {
    const single = await instancesOf("single");
    expect(single.map(({ SubnetId }) => SubnetId)).to.have.members(["subnet-0a", "subnet-0b"]);
    for (const instance of single) {
      expect(instance).to.deep.include({ InstanceType: "m7g.large", Architecture: "arm64", InstanceLifecycle: "spot" });
      expect(instance.IamInstanceProfile?.Arn).to.match(/:instance-profile\/single/);
      expect(instance.SecurityGroups?.map(({ GroupId }) => GroupId)).to.deep.equal(["sg-0a"]);
      expect(instance.PublicIpAddress).to.equal(undefined);
    }
    const scaled = await instancesOf("scaled");
    expect(scaled.map(({ InstanceType }) => InstanceType)).to.deep.equal(["m8g.large"]);
    expect(scaled[0]?.Tags?.map(({ Key }) => Key)).to.include("aws:autoscaling:groupName");
  });

  it("is stopped and started by a schedule with its tag, unless a group would replace its instances", async () => {
    await tick(server, { to: Date.UTC(YEAR, 5, 1, 19, 1) });
    await until(async () => (await states("single")).every((state) => state === "stopped"));
    expect(await states("scaled")).to.deep.equal(["running"]);
    await tick(server, { to: Date.UTC(YEAR, 5, 2, 7, 1) });
    await until(async () => (await states("single")).every((state) => state === "running"));
    expect(server.lines.filter((line) => /error/i.test(line))).to.deep.equal([]);
  });
});
