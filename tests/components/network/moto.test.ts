import { expect } from "chai";
import { checkNetwork } from "../../../components/network/checks";
import { Network } from "../../../components/network/network";
import { type Moto, pythonHas, startMoto } from "../../helpers/aws/moto";
import { mistakesIn, type Registered, resources, startMocks } from "../../helpers/components/mocks";

/** The endpoints that the documentation lists for jobs without NAT. */
const interfaceEndpoints = [
  ...["ecr.api", "ecr.dkr", "logs", "ecs", "ecs-agent", "ecs-telemetry"],
  ...["secretsmanager", "ssm"],
];

/** `["a", "b"]` as the parameters `Name.1` and `Name.2`. */
function numbered(name: string, values: string[] = []): Record<string, string> {
  return Object.fromEntries(values.map((value, index) => [`${name}.${index + 1}`, value]));
}

const valuesOf = (xml: string, tag: string) =>
  [...xml.matchAll(new RegExp(`<${tag}>([^<]*)`, "g"))].map(([, it]) => it);

describe("what Network registers, before moto", function () {
  this.timeout(60_000);
  let moto: Moto;

  before(async function () {
    if (!pythonHas("moto.server")) return this.skip();
    moto = await startMoto();
  });
  after(() => moto?.stop());
  beforeEach(startMocks);

  const ec2 = (Action: string, parameters: Record<string, string> = {}) =>
    moto.query("ec2", { Action, Version: "2016-11-15", ...parameters });
  const made = async (tag: string, action: string, parameters: Record<string, string>) =>
    valuesOf(await ec2(action, parameters), tag)[0] ?? "";

  /** The names of AWS's endpoint services in the region, and whether each is for interfaces or for gateways. */
  async function services(): Promise<[name: string, type: string][]> {
    const xml = await ec2("DescribeVpcEndpointServices");
    const each = xml.matchAll(/<serviceName>([^<]+)<.+?<serviceType><item><serviceType>([^<]+)</gs);
    return [...each].map(([, name = "", type = ""]) => [name, type]);
  }

  function createEndpoint({ inputs }: Registered, group: string) {
    return ec2("CreateVpcEndpoint", {
      VpcId: inputs.vpcId,
      ServiceName: inputs.serviceName,
      VpcEndpointType: inputs.vpcEndpointType,
      PrivateDnsEnabled: String(inputs.privateDnsEnabled ?? false),
      ...numbered("RouteTableId", inputs.routeTableIds),
      ...numbered("SubnetId", inputs.subnetIds),
      ...numbered("SecurityGroupId", inputs.securityGroupIds && [group]),
    });
  }

  it("is accepted, with endpoints in each subnet, behind a group that lets HTTPS in", async () => {
    const vpcId = await made("vpcId", "CreateVpc", { CidrBlock: "10.0.0.0/16" });
    const subnet = (CidrBlock: string) => made("subnetId", "CreateSubnet", { VpcId: vpcId, CidrBlock });
    const subnetIds = [await subnet("10.0.0.0/18"), await subnet("10.0.128.0/18")];
    const routeTableIds = [await made("routeTableId", "CreateRouteTable", { VpcId: vpcId })];
    new Network("net", { vpcId, subnetIds, routeTableIds, interfaceEndpoints });
    const all = await resources();

    const group = all.find(({ type }) => type === "aws:ec2/securityGroup:SecurityGroup")?.inputs;
    const description = { GroupDescription: group?.description, GroupName: "group", VpcId: vpcId };
    const GroupId = await made("groupId", "CreateSecurityGroup", description);
    const [{ protocol, fromPort, toPort, cidrBlocks }] = group?.ingress ?? [];
    await ec2("AuthorizeSecurityGroupIngress", {
      GroupId,
      "IpPermissions.1.IpProtocol": protocol,
      "IpPermissions.1.FromPort": String(fromPort),
      "IpPermissions.1.ToPort": String(toPort),
      "IpPermissions.1.IpRanges.1.CidrIp": cidrBlocks[0],
      "IpPermissions.1.IpRanges.2.CidrIp": cidrBlocks[1],
    });
    const endpoints = all.filter(({ type }) => type === "aws:ec2/vpcEndpoint:VpcEndpoint");
    for (const endpoint of endpoints) await createEndpoint(endpoint, GroupId);

    const described = await ec2("DescribeVpcEndpoints", { "Filter.1.Name": "vpc-id", "Filter.1.Value.1": vpcId });
    expect(valuesOf(described, "vpcEndpointType").filter((type) => type === "Gateway")).to.have.lengthOf(2);
    expect(valuesOf(described, "privateDnsEnabled").filter((enabled) => enabled === "true")).to.have.lengthOf(8);
    for (const id of subnetIds) expect(described.split(id)).to.have.lengthOf(9);
    expect(described.split(GroupId)).to.have.lengthOf(9);
  });

  it("names services that AWS has, of the right type", async () => {
    new Network("net", { vpcId: "vpc-1", subnetIds: ["subnet-1"], routeTableIds: ["rtb-1"], interfaceEndpoints });
    const endpoints = (await resources()).filter(({ type }) => type === "aws:ec2/vpcEndpoint:VpcEndpoint");
    const known = (await services()).map(([name, type]) => `${name} ${type}`);
    expect(known).to.include.members(endpoints.map(({ inputs }) => `${inputs.serviceName} ${inputs.vpcEndpointType}`));
  });

  it("may name any service of the region that has interface endpoints", async () => {
    const prefix = "com.amazonaws.eu-west-1.";
    const names = (await services())
      .filter(([name, type]) => type === "Interface" && name.startsWith(prefix))
      .map(([name]) => name.slice(prefix.length))
      // S3 also has gateway endpoints, S3 Express only those, and IoT none of this name: moto says otherwise.
      .filter((name) => !["s3", "s3express", "iot"].includes(name));
    expect(names).to.have.length.above(200);
    expect(mistakesIn({ type: "Network", rules: checkNetwork }, { interfaceEndpoints: names })).to.deep.equal([]);
  });
});
