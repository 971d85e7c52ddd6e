import * as fs from "node:fs";
import * as path from "node:path";
import { expect } from "chai";
import { find, resourcesOfType, reveal, runProgram } from "pulumi-offline";
import { repository } from "../helpers/offline/start";

const document = fs.readFileSync(path.join(repository, "docs/costs.md"), "utf8");

/** How many of a resource the table gives to the stacks dev and prod. */
function documented(resource: string): number[] {
  const row = document.split("\n").find((line) => line.startsWith(`| [${resource}]`)) ?? "";
  return row.split("|").slice(2, 4).map(Number);
}

describe("docs/costs.md", () => {
  it("counts what an idle stack is charged for", async function () {
    this.timeout(60_000);
    const stacks = await Promise.all(["dev", "prod"].map((stack) => runProgram({ directory: repository, stack })));
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
    expect(counts("aws:cloudwatch/metricAlarm:MetricAlarm")).to.deep.equal(documented("CloudWatch alarm"));
    expect(counts("aws:ec2/vpcEndpoint:VpcEndpoint")).to.deep.equal([2, 2], "free ones, for S3 and DynamoDB");
  });
});
