import { expect } from "chai";
import { Nat, type NetworkArgs } from "../../../components/network/args";
import { Network } from "../../../components/network/network";
import { type Graph, resourcesOfType } from "../../../offline";
import { rules } from "../../../policies/policies";
import { inputsOf, resolved, resources, startMocks } from "../../helpers/components/mocks";
import { get, run } from "../../helpers/offline/program";
import { violations } from "../../helpers/policies/policies";

const vpcType = "awsx:ec2:Vpc";
const endpointType = "aws:ec2/vpcEndpoint:VpcEndpoint";
const groupType = "aws:ec2/securityGroup:SecurityGroup";
const there = { vpcId: "vpc-1", subnetIds: ["subnet-1", "subnet-2"] };

describe("Network", () => {
  beforeEach(startMocks);

  async function vpc(args: NetworkArgs = {}) {
    new Network("net", args);
    return inputsOf(vpcType);
  }

  async function endpoints(args: NetworkArgs = {}) {
    new Network("net", args);
    return (await resources()).filter(({ type }) => type === endpointType);
  }

  it("creates a VPC in two zones with one NAT gateway", async () => {
    expect(await vpc()).to.deep.equal({
      cidrBlock: "10.0.0.0/16",
      numberOfAvailabilityZones: 2,
      natGateways: { strategy: "Single" },
      subnetStrategy: "AutoMerge",
      subnetSpecs: [{ type: "Private" }],
      enableDnsHostnames: true,
    });
  });

  it("accepts addresses, zones, the kind of NAT and tags", async () => {
    const args = { cidrBlock: "10.1.0.0/20", zones: 3, nat: Nat.OnePerZone, tags: { team: "a" } };
    expect(await vpc(args)).to.deep.include({
      cidrBlock: "10.1.0.0/20",
      numberOfAvailabilityZones: 3,
      natGateways: { strategy: "OnePerAz" },
      tags: { team: "a" },
    });
  });

  it("accepts zones by name", async () => {
    const inputs = await vpc({ zoneNames: ["eu-west-1a", "eu-west-1c"] });
    expect(inputs.availabilityZoneNames).to.deep.equal(["eu-west-1a", "eu-west-1c"]);
    expect(inputs).to.not.have.property("numberOfAvailabilityZones");
  });

  it("tags only the private subnets, as EMR requires, and does not specify public ones, whose size that would change", async () => {
    const tags = { "for-use-with-amazon-emr-managed-policies": "true" };
    expect((await vpc({ privateSubnetTags: tags })).subnetSpecs).to.deep.equal([{ type: "Private", tags }]);
  });

  it("keeps the traffic to S3 and DynamoDB off the NAT gateway", async () => {
    const found = await endpoints({ tags: { team: "a" } });
    expect(found.map(({ name }) => name)).to.deep.equal(["net-s3", "net-dynamodb"]);
    for (const [index, { inputs }] of found.entries()) {
      expect(inputs).to.deep.include({
        serviceName: `com.amazonaws.eu-west-1.${["s3", "dynamodb"][index]}`,
        vpcEndpointType: "Gateway",
        routeTableIds: ["net-routes"],
        tags: { team: "a" },
      });
    }
  });

  it("gives services an address in each private subnet, under their usual names", async () => {
    const tags = { team: "a" };
    const network = new Network("net", { ...there, interfaceEndpoints: ["ecr.api", "logs"], tags });
    const found = (await resources()).filter(({ type }) => type === endpointType);
    expect(found.map(({ name }) => name)).to.deep.equal(["net-ecr.api", "net-logs"]);
    expect(found[0]?.inputs).to.deep.equal({
      vpcId: "vpc-1",
      serviceName: "com.amazonaws.eu-west-1.ecr.api",
      vpcEndpointType: "Interface",
      subnetIds: ["subnet-1", "subnet-2"],
      securityGroupIds: ["net-endpoints-id"],
      privateDnsEnabled: true,
      tags,
    });
    expect(await resolved(network.privateSubnetIds)).to.deep.equal(there.subnetIds);
  });

  it("names services as China and the European Sovereign Cloud do", async () => {
    const interfaceEndpoints = ["ecr.api", "logs", "transcribe"];
    for (const [region, names] of Object.entries({
      "cn-north-1": ["cn.com.amazonaws.$.ecr.api", "com.amazonaws.$.logs", "cn.com.amazonaws.$.transcribe.cn"],
      "eusc-de-east-1": ["eu.amazonaws.$.ecr.api", "com.amazonaws.$.logs", "com.amazonaws.$.transcribe"],
      "us-gov-west-1": ["com.amazonaws.$.ecr.api", "com.amazonaws.$.logs", "com.amazonaws.$.transcribe"],
    })) {
      await startMocks({ region });
      const gateways = ["com.amazonaws.$.s3", "com.amazonaws.$.dynamodb"];
      const found = await endpoints({ ...there, routeTableIds: ["rtb-1"], interfaceEndpoints });
      const serviceNames = found.map(({ inputs }) => inputs.serviceName);
      expect(serviceNames).to.deep.equal([...gateways, ...names].map((name) => name.replace("$", region)));
    }
  });

  it("allows HTTPS to those addresses from the whole VPC, and nothing else", async () => {
    new Network("net", { ...there, interfaceEndpoints: ["ecr.api", "logs"] });
    expect(await inputsOf(groupType)).to.deep.equal({
      description: "Interface endpoints of net",
      vpcId: "vpc-1",
      ingress: [
        {
          protocol: "tcp",
          fromPort: 443,
          toPort: 443,
          cidrBlocks: ["10.0.0.0/16", "100.64.0.0/16"],
          description: "HTTPS, from inside the VPC",
        },
      ],
      egress: [],
    });
  });

  it("uses an existing VPC, and creates nothing", async () => {
    const network = new Network("net", there);
    expect(await resolved(network.vpcId)).to.equal("vpc-1");
    expect(await resolved(network.privateSubnetIds)).to.deep.equal(["subnet-1", "subnet-2"]);
    expect(await resolved(network.publicSubnetIds)).to.deep.equal([]);
    expect((await resources()).map(({ type }) => type)).to.deep.equal(["graviton:index:Network"]);
  });

  it("adds the endpoints for S3 and DynamoDB to existing route tables", async () => {
    const found = await endpoints({ ...there, routeTableIds: ["rtb-1"] });
    expect(found.map(({ name }) => name)).to.deep.equal(["net-s3", "net-dynamodb"]);
    for (const { inputs } of found) expect(inputs).to.deep.include({ vpcId: "vpc-1", routeTableIds: ["rtb-1"] });
  });

  it("violates no policy, with each kind of NAT", async () => {
    for (const nat of Object.values(Nat)) new Network(`net-${nat}`, { nat, interfaceEndpoints: ["ecr.api"] });
    const found = await Promise.all(
      (await resources()).map(({ type, name, inputs }) => violations(rules, { type, name, props: inputs })),
    );
    expect(found.flat()).to.deep.equal([]);
  });
});

describe("a program with networks", () => {
  const subnetIdsOf = (graph: Graph, name: string) => get(graph, name, "aws:elasticache/subnetGroup:SubnetGroup");
  let graph: Graph;

  before(async () => {
    graph = await run("network");
  });

  it("allows no traffic in the default security group of its VPC", () => {
    const { vpcId } = get(graph, "own", vpcType).outputs;
    const groups = resourcesOfType(graph, "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup");
    expect(groups.map(({ name, inputs }) => [name, inputs])).to.deep.equal([
      ["own-default", { vpcId, tags: { team: "a" } }],
      ["meant-default", { vpcId: get(graph, "meant", vpcType).outputs.vpcId }],
      ["regional-default", { vpcId: get(graph, "regional", vpcType).outputs.vpcId, tags: { team: "a" } }],
    ]);
  });

  it("uses the subnets after their endpoints are created, and until they are deleted", () => {
    for (const [name, services] of Object.entries({ own: ["s3", "dynamodb"], there: ["s3", "dynamodb", "logs"] })) {
      const urns = services.map((service) => get(graph, `${name}-${service}`, endpointType).urn);
      expect(subnetIdsOf(graph, name).dependencies, name).to.include.members(urns);
    }
  });

  it("has one regional NAT gateway in the whole VPC, which awsx then gives none", () => {
    const { inputs, outputs } = get(graph, "regional", vpcType);
    expect(inputs.natGateways).to.deep.equal({ strategy: "None" });
    const gateways = resourcesOfType(graph, "aws:ec2/natGateway:NatGateway");
    expect(gateways.map(({ name, inputs: given }) => [name, given])).to.deep.equal([
      ["regional", { availabilityMode: "regional", vpcId: outputs.vpcId, tags: { team: "a" } }],
    ]);
  });

  it("routes all addresses from each private subnet to that gateway, beside a route that is replaced", () => {
    const tables = get(graph, "regional", vpcType).outputs.routeTables as { urn: string; id: string }[];
    const natGatewayId = get(graph, "regional", "aws:ec2/natGateway:NatGateway").id;
    const expected = tables
      .filter(({ urn }) => /::regional-private-\d$/.test(urn))
      .flatMap(({ id: routeTableId }) => [
        { destinationCidrBlock: "0.0.0.0/1", natGatewayId, routeTableId },
        { destinationCidrBlock: "128.0.0.0/1", natGatewayId, routeTableId },
      ]);
    const routes = resourcesOfType(graph, "aws:ec2/route:Route");
    expect(routes.map(({ inputs }) => inputs)).to.deep.equal(expected);
    expect(routes).to.have.lengthOf(6);
    expect(subnetIdsOf(graph, "regional").dependencies).to.include.members(routes.map(({ urn }) => urn));
  });

  it("shows existing subnets in its first preview", async () => {
    const preview = await run("network", { unknowns: true });
    expect(subnetIdsOf(preview, "there").inputs.subnetIds).to.deep.equal(["subnet-1", "subnet-2"]);
  });

  it("is warned of a network from which only S3 and DynamoDB can be reached, unless that is intended", () => {
    const warnings = graph.diagnostics.filter(({ severity }) => severity === "warning");
    expect(warnings.map(({ message }) => message)).to.have.lengthOf(1);
    expect(warnings[0]?.message).to.match(/^Network "own" has neither NAT nor interface endpoints: .* \[\] if/);
  });
});
