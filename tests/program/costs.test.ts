import * as fs from "node:fs";
import * as path from "node:path";
import { expect } from "chai";
import { find, type Graph, resourcesOfType, reveal } from "pulumi-offline";
import { repository } from "../helpers/offline/start";
import { stackGraph } from "../helpers/program/graphs";

const document = fs.readFileSync(path.join(repository, "docs/costs.md"), "utf8");

/** How many of a resource the table gives to the stacks dev and prod. */
function documented(resource: string): number[] {
  const row = document.split("\n").find((line) => line.startsWith(`| [${resource}]`)) ?? "";
  return row.split("|").slice(2, 4).map(Number);
}

/** An alarm on an expression is charged for each metric of the expression. */
function alarmMetrics(graph: Graph): number {
  const alarms = resourcesOfType(graph, "aws:cloudwatch/metricAlarm:MetricAlarm").map(({ inputs }) => reveal(inputs));
  const counts = (alarms as { metricQueries?: { metric?: object }[] }[]).map(
    ({ metricQueries }) => metricQueries?.filter(({ metric }) => metric).length ?? 1,
  );
  return counts.reduce((total, count) => total + count, 0);
}

interface DashboardBody {
  widgets: { properties: { metrics?: unknown[][] } }[];
}

/** How many metrics the dashboards show, each counted once whatever its statistics. */
function shownMetrics(graph: Graph): number {
  const bodies = resourcesOfType(graph, "aws:cloudwatch/dashboard:Dashboard").map(
    ({ inputs }): DashboardBody => JSON.parse((reveal(inputs) as { dashboardBody: string }).dashboardBody),
  );
  const shown = bodies.flatMap(({ widgets }) => widgets.flatMap(({ properties }) => properties.metrics ?? []));
  return new Set(shown.map((metric) => JSON.stringify(metric.length > 1 ? metric.slice(0, -1) : metric))).size;
}

/** What the text below the table says; up to 50 would be free. */
const metricsOfDashboard = Number(/shows (\d+) metrics/.exec(document)?.[1]);

describe("docs/costs.md", () => {
  it("counts what an idle stack is charged for", async function () {
    this.timeout(60_000);
    const stacks = await Promise.all([stackGraph("dev"), stackGraph("prod")]);
    const gateways = stacks.map((graph) => {
      const vpc = reveal(find(graph, "network", "awsx:ec2:Vpc")?.inputs ?? {});
      const { natGateways, numberOfAvailabilityZones } = vpc as {
        natGateways: { strategy: string };
        numberOfAvailabilityZones: number;
      };
      return natGateways.strategy === "Single" ? 1 : numberOfAvailabilityZones;
    });
    const counts = (type: string) => stacks.map((graph) => resourcesOfType(graph, type).length);
    expect(gateways).to.deep.equal(documented("NAT gateway"));
    expect(counts("aws:kms/key:Key")).to.deep.equal(documented("KMS key"));
    expect(counts("aws:kinesis/stream:Stream")).to.deep.equal(documented("Kinesis stream"));
    expect(stacks.map(alarmMetrics)).to.deep.equal(documented("CloudWatch alarm, each metric"));
    expect(counts("aws:cloudwatch/dashboard:Dashboard")).to.deep.equal(documented("CloudWatch dashboard"));
    expect(stacks.map(shownMetrics)).to.deep.equal([0, metricsOfDashboard]);
    expect(counts("aws:ec2/vpcEndpoint:VpcEndpoint")).to.deep.equal([2, 2], "free ones, for S3 and DynamoDB");
  });
});
