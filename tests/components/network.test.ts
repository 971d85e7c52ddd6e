import { expect } from "chai";
import { Nat, Network } from "../../components/network";
import { rules } from "../../policies/policies";
import { inputsOf, mistakes, resolved, resources, startMocks } from "../helpers/mocks";
import { violations } from "../helpers/policies";

const vpcType = "awsx:ec2:Vpc";
const endpointType = "aws:ec2/vpcEndpoint:VpcEndpoint";

describe("Network", () => {
  beforeEach(startMocks);

  it("makes a VPC in two zones with one NAT gateway", async () => {
    new Network("net");
    expect(await inputsOf(vpcType)).to.deep.include({
      cidrBlock: "10.0.0.0/16",
      numberOfAvailabilityZones: 2,
      natGateways: { strategy: "Single" },
    });
  });

  it("takes addresses, zones, the way to the Internet and tags", async () => {
    new Network("net", { cidrBlock: "10.1.0.0/20", zones: 3, nat: Nat.OnePerZone, tags: { team: "a" } });
    expect(await inputsOf(vpcType)).to.deep.include({
      cidrBlock: "10.1.0.0/20",
      numberOfAvailabilityZones: 3,
      natGateways: { strategy: "OnePerAz" },
      tags: { team: "a" },
    });
  });

  it("keeps the traffic to S3 and DynamoDB off the NAT gateway", async () => {
    new Network("net");
    const endpoints = (await resources()).filter(({ type }) => type === endpointType);
    expect(endpoints.map(({ name }) => name)).to.deep.equal(["net-s3", "net-dynamodb"]);
    for (const { inputs } of endpoints) expect(inputs.vpcEndpointType).to.equal("Gateway");
    expect(endpoints.map(({ inputs }) => inputs.serviceName.split(".").at(-1))).to.deep.equal(["s3", "dynamodb"]);
  });

  it("uses a VPC that is there, and makes nothing", async () => {
    const network = new Network("net", { vpcId: "vpc-1", subnetIds: ["subnet-1", "subnet-2"] });
    expect(await resolved(network.vpcId)).to.equal("vpc-1");
    expect(await resolved(network.privateSubnetIds)).to.deep.equal(["subnet-1", "subnet-2"]);
    expect((await resources()).map(({ type }) => type)).to.deep.equal(["pulumi-graviton:index:Network"]);
  });

  it("names every mistake at once", () => {
    expect(mistakes(() => new Network("net", { subnetIds: ["subnet-1"] }))).to.deep.equal([
      ["subnetIds", "is for a VPC that is there; write `vpcId` too"],
    ]);
    expect(mistakes(() => new Network("net", { vpcId: "vpc-1", zones: 2 })).map(([path]) => path)).to.deep.equal([
      "subnetIds",
      "zones",
    ]);
    expect(mistakes(() => new Network("net", { vpcId: "vpc-1", subnetIds: [] })).map(([path]) => path)).to.deep.equal([
      "subnetIds",
    ]);
    const wrong = { cidrBlock: "10.0.0.0/8", zones: 7, nat: "two" as Nat };
    expect(mistakes(() => new Network("net", wrong)).map(([path]) => path)).to.deep.equal([
      "cidrBlock",
      "zones",
      "nat",
    ]);
  });

  it("breaks no policy", async () => {
    new Network("net");
    const found = await Promise.all(
      (await resources()).map(({ type, name, inputs }) => violations(rules, { type, name, props: inputs })),
    );
    expect(found.flat()).to.deep.equal([]);
  });
});
