import { expect } from "chai";
import type { Nat, NetworkArgs } from "../../../components/network/args";
import { Network } from "../../../components/network/network";
import { mistakes, resources, startMocks } from "../../helpers/components/mocks";

const there = { vpcId: "vpc-1", subnetIds: ["subnet-1"] };

describe("Network refuses", () => {
  beforeEach(startMocks);

  const cases: [what: string, args: NetworkArgs, path: string, reason: RegExp][] = [
    ["subnets without a VPC", { subnetIds: ["subnet-1"] }, "subnetIds", /write `vpcId` too/],
    ["route tables without a VPC", { routeTableIds: ["rtb-1"] }, "routeTableIds", /write `vpcId` too/],
    ["a VPC without subnets", { vpcId: "vpc-1" }, "subnetIds", /is missing/],
    ["a VPC with no subnet", { ...there, subnetIds: [] }, "subnetIds", /is empty/],
    ["a VPC with no route table", { ...there, routeTableIds: [] }, "routeTableIds", /is empty/],
    ["addresses of an existing VPC", { ...there, cidrBlock: "10.0.0.0/16" }, "cidrBlock", /is for a new VPC/],
    ["zones of an existing VPC", { ...there, zones: 2 }, "zones", /is for a new VPC/],
    ["named zones of an existing VPC", { ...there, zoneNames: ["eu-west-1a"] }, "zoneNames", /is for a new VPC/],
    ["NAT of an existing VPC", { ...there, nat: "None" }, "nat", /is for a new VPC/],
    ["a regional NAT of an existing VPC", { ...there, nat: "Regional" }, "nat", /is for a new VPC/],
    ["tags of existing subnets", { ...there, privateSubnetTags: {} }, "privateSubnetTags", /is for a new VPC/],
    ["an unknown kind of NAT", { nat: "two" as Nat }, "nat", /write "None", "Single", "OnePerAz" or "Regional"/],
    ["no zones", { zones: 0 }, "zones", /from 1 to 6/],
    ["seven zones", { zones: 7 }, "zones", /from 1 to 6/],
    ["zones by number and by name", { zones: 1, zoneNames: ["eu-west-1a"] }, "zones", /write one of them/],
    ["no named zones", { zoneNames: [] }, "zoneNames", /is empty; write an array of 1 to 6 strings/],
    ["the id of a zone", { zoneNames: ["euw1-az1"] }, "zoneNames[0]", /such as "eu-west-1a"/],
    ["a region as a zone", { zoneNames: ["eu-west-1"] }, "zoneNames[0]", /such as "eu-west-1a"/],
    ["a duplicate zone", { zoneNames: ["eu-west-1a", "eu-west-1a"] }, "zoneNames[1]", /leave it out/],
    ["addresses that are not a range", { cidrBlock: "ten" }, "cidrBlock", /such as 10\.0\.0\.0\/16/],
    ["an octet over 255", { cidrBlock: "10.256.0.0/16" }, "cidrBlock", /such as 10\.0\.0\.0\/16/],
    ["more than 32 bits", { cidrBlock: "10.0.0.0/33" }, "cidrBlock", /such as 10\.0\.0\.0\/16/],
    ["IPv6", { cidrBlock: "fd00::/64" }, "cidrBlock", /such as 10\.0\.0\.0\/16/],
    ["more than a /16", { cidrBlock: "10.0.0.0/15" }, "cidrBlock", /write \/16 to \/25/],
    ["an address inside a network", { cidrBlock: "10.1.5.0/16" }, "cidrBlock", /write 10\.1\.0\.0\/16$/],
    ["two zones in a /26", { cidrBlock: "10.0.0.0/26" }, "cidrBlock", /write \/16 to \/25/],
    ["five zones in a /24", { cidrBlock: "10.0.0.0/24", zones: 5 }, "cidrBlock", /write \/16 to \/23/],
    ["a duplicate endpoint", { interfaceEndpoints: ["ecs", "ecs"] }, "interfaceEndpoints[1]", /leave it out/],
    ["S3 as an interface", { interfaceEndpoints: ["s3"] }, "interfaceEndpoints[0]", /leave it out/],
    [
      "DynamoDB as an interface in an existing VPC",
      { ...there, interfaceEndpoints: ["dynamodb"] },
      "interfaceEndpoints[0]",
      /write `routeTableIds`/,
    ],
    [
      "an endpoint's full name",
      { interfaceEndpoints: ["ecs", "com.amazonaws.eu-west-1.ecr.api"] },
      "interfaceEndpoints[1]",
      /write the part of its endpoint's name after the region/,
    ],
    [
      "half a name",
      { interfaceEndpoints: ["ecr"] },
      "interfaceEndpoints[0]",
      /is "ecr"; did you mean "ecr.api", "ecr.dkr"/,
    ],
    [
      "a misspelt name",
      { interfaceEndpoints: ["sercetsmanager"] },
      "interfaceEndpoints[0]",
      /mean "secretsmanager"\?$/,
    ],
    [
      "an unknown service",
      { interfaceEndpoints: ["x-files"] },
      "interfaceEndpoints[0]",
      /create an aws.ec2.VpcEndpoint/,
    ],
    ["an endpoint's host", { interfaceEndpoints: ["https://ecs"] }, "interfaceEndpoints[0]", /such as "ecr\.api"/],
  ];
  for (const [what, args, path, reason] of cases) {
    it(what, async () => {
      const [first, ...others] = mistakes(() => new Network("net", args));
      expect(first?.[0]).to.equal(path);
      expect(first?.[1]).to.match(reason);
      expect(others).to.deep.equal([]);
      expect(await resources()).to.deep.equal([]);
    });
  }

  it("all mistakes at once", () => {
    const wrong = { cidrBlock: "10.0.0.0/8", zones: 7, nat: "two" as Nat, interfaceEndpoints: ["s3"] };
    expect(mistakes(() => new Network("net", wrong)).map(([path]) => path)).to.have.members([
      "cidrBlock",
      "zones",
      "nat",
      "interfaceEndpoints[0]",
    ]);
  });
});

describe("Network accepts", () => {
  beforeEach(startMocks);

  it("the smallest VPC that its zones fit in", () => {
    for (const [zones, prefix] of [
      [1, 26],
      [2, 25],
      [4, 24],
      [6, 23],
    ]) {
      expect(mistakes(() => new Network(`zones-${zones}`, { zones, cidrBlock: `10.0.0.0/${prefix}` }))).to.deep.equal(
        [],
      );
    }
  });

  it("the zone names of all partitions, and of local zones", () => {
    const zoneNames = ["us-gov-west-1a", "cn-north-1b", "ap-southeast-2c", "us-west-2-lax-1a"];
    expect(mistakes(() => new Network("net", { zoneNames }))).to.deep.equal([]);
  });
});
