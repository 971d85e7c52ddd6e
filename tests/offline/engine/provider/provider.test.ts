import * as fs from "node:fs";
import * as path from "node:path";
import { expect } from "chai";
import { type Properties, type Resource, reveal, runProgram, Secret } from "../../../../offline";
import { Lookups } from "../../../../offline/engine/lookups";
import { awsTemplates } from "../../../../offline/engine/provider/aws/resources";
import { autoName, plausible } from "../../../../offline/engine/provider/plausible";
import { Provider } from "../../../../offline/engine/provider/provider";
import { Shapes } from "../../../../offline/engine/provider/shapes";
import { graphOf } from "../../../helpers/offline/graph";
import { failureOf } from "../../../helpers/offline/program";
import { temporaryFolder } from "../../../helpers/temporaryFolder";

function outputsOf(type: string, inputs: Properties = {}, more: Partial<Resource> = {}): Record<string, unknown> {
  const { outputs, id } = computed(type, inputs, more);
  return { ...(reveal(outputs) as object), id };
}

const provider = new Provider({
  dryRun: false,
  unknowns: false,
  workingDirectory: process.cwd(),
  graph: graphOf(process.cwd()),
  lookups: new Lookups(),
  report: () => undefined,
});

function computed(type: string, inputs: Properties, more: Partial<Resource> = {}): Resource {
  const resource: Resource = {
    urn: `urn:pulumi:dev::project::${type}::thing`,
    type,
    name: "thing",
    custom: true,
    external: false,
    inputs,
    outputs: {},
    dependencies: [],
    propertyDependencies: {},
    protect: false,
    options: {},
    ...more,
  };
  const region = String(inputs.region ?? "eu-west-1");
  if (resource.external) return { ...resource, outputs: provider.read(resource, region) };
  return { ...resource, ...provider.create(resource, region).made };
}

describe("outputs of AWS resources", () => {
  const account = "123456789012";
  const cases: [string, Properties, Record<string, RegExp>][] = [
    [
      "aws:lambda/function:Function",
      { name: "f" },
      {
        id: /^f$/,
        arn: /^arn:aws:lambda:eu-west-1:123456789012:function:f$/,
        qualifiedArn: /:function:f:\$LATEST$/,
        invokeArn:
          /^arn:aws:apigateway:eu-west-1:lambda:path\/2015-03-31\/functions\/arn:aws:lambda:.*:f\/invocations$/,
      },
    ],
    ["aws:lambda/function:Function", { name: "f", publish: true }, { version: /^1$/, qualifiedArn: /:f:1$/ }],
    [
      "aws:lambda/alias:Alias",
      { name: "live", functionName: `arn:aws:lambda:eu-west-1:${account}:function:f:3`, functionVersion: "3" },
      { arn: /:function:f:live$/, invokeArn: /:function:f:live\/invocations$/ },
    ],
    [
      "aws:dynamodb/globalSecondaryIndex:GlobalSecondaryIndex",
      { tableName: "t", indexName: "byAt" },
      { id: /^t,byAt$/, arn: /^arn:aws:dynamodb:eu-west-1:123456789012:table\/t\/index\/byAt$/ },
    ],
    ["aws:dynamodb/table:Table", {}, { id: /^thing-[0-9a-f]{7}$/, arn: /:table\/thing-[0-9a-f]{7}$/, streamArn: /^$/ }],
    ["aws:dynamodb/table:Table", { name: "t", streamEnabled: true }, { streamArn: /:table\/t\/stream\/2024-/ }],
    ["aws:iam/role:Role", { name: "r", path: "/team/" }, { arn: /^arn:aws:iam::123456789012:role\/team\/r$/ }],
    [
      "awsx:ecr:Image",
      { repositoryUrl: "123456789012.dkr.ecr.eu-west-1.amazonaws.com/jobs", imageTag: "job-1" },
      { imageUri: /^123456789012\.dkr\.ecr\.eu-west-1\.amazonaws\.com\/jobs@sha256:[\da-f]{64}$/ },
    ],
    ["aws:iam/role:Role", { name: "r" }, { arn: /:role\/r$/ }],
    ["aws:s3/bucket:Bucket", {}, { arn: /^arn:aws:s3:::thing-/, bucketDomainName: /\.s3\.amazonaws\.com$/ }],
    ["aws:sqs/queue:Queue", { name: "q" }, { id: /^https:\/\/sqs\.eu-west-1\.amazonaws\.com\/123456789012\/q$/ }],
    ["aws:cloudwatch/logGroup:LogGroup", { name: "/x" }, { arn: /:log-group:\/x$/ }],
    ["aws:cloudwatch/eventRule:EventRule", { name: "r", eventBusName: "" }, { arn: /:rule\/r$/ }],
    ["aws:cloudwatch/eventRule:EventRule", { name: "r", eventBusName: "shop" }, { arn: /:rule\/shop\/r$/ }],
    ["aws:rds/instance:Instance", { engine: "postgres" }, { endpoint: /^thing-.*\.rds\.amazonaws\.com:5432$/ }],
    ["aws:kms/key:Key", {}, { id: /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{12}$/ }],
    ["aws:ec2/instance:Instance", {}, { id: /^i-[0-9a-f]{17}$/, arn: /:instance\/i-/ }],
    [
      "aws:apigateway/restApi:RestApi",
      {},
      { id: /^[0-9a-z]{10}$/, executionArn: /:execute-api:eu-west-1:123456789012:/ },
    ],
    [
      "aws:apigatewayv2/stage:Stage",
      { apiId: "a1", name: "$default" },
      { invokeUrl: /^https:\/\/a1\.execute-api\.eu-west-1\.amazonaws\.com\/$/, executionArn: /:a1\/\$default$/ },
    ],
    ["aws:apigatewayv2/stage:Stage", { apiId: "a1", name: "dev" }, { invokeUrl: /\.amazonaws\.com\/dev$/ }],
    ["aws:apigatewayv2/integration:Integration", { apiId: "a1" }, { id: /^[0-9a-z]{7}$/ }],
    ["aws:sns/topic:Topic", { name: "t", region: "us-east-2" }, { arn: /^arn:aws:sns:us-east-2:123456789012:t$/ }],
    ["aws:acm/certificate:Certificate", { domainName: "a.b" }, { arn: /:certificate\// }],
  ];
  const cluster = "j-2AL4XXXXXX5T9";
  const data: [string, Properties, Record<string, RegExp>][] = [
    [
      "aws:emr/cluster:Cluster",
      { releaseLabel: "emr-7.12.0" },
      {
        id: /^j-[0-9A-Z]{13}$/,
        arn: /^arn:aws:elasticmapreduce:eu-west-1:123456789012:cluster\/j-[0-9A-Z]{13}$/,
        name: /^thing-[0-9a-f]{7}$/,
        clusterState: /^WAITING$/,
        masterPublicDns: /^ec2-[\d-]+\.eu-west-1\.compute\.amazonaws\.com$/,
      },
    ],
    [
      "aws:emr/instanceGroup:InstanceGroup",
      { clusterId: cluster, instanceCount: 3 },
      { id: /^ig-[0-9A-Z]{13}$/, runningInstanceCount: /^3$/, status: /^RUNNING$/ },
    ],
    [
      "aws:emr/instanceGroup:InstanceGroup",
      { clusterId: cluster },
      { instanceCount: /^1$/, runningInstanceCount: /^1$/ },
    ],
    [
      "aws:emr/instanceFleet:InstanceFleet",
      { clusterId: cluster, targetSpotCapacity: 2 },
      { id: /^if-[0-9A-Z]{13}$/, provisionedOnDemandCapacity: /^0$/, provisionedSpotCapacity: /^2$/ },
    ],
    ["aws:emr/managedScalingPolicy:ManagedScalingPolicy", { clusterId: cluster }, { id: new RegExp(`^${cluster}$`) }],
    ["aws:emr/securityConfiguration:SecurityConfiguration", { name: "kms" }, { id: /^kms$/, creationDate: /^2024-/ }],
    [
      "aws:emrserverless/application:Application",
      { releaseLabel: "emr-7.12.0", type: "spark" },
      {
        id: /^00[0-9a-z]{14}$/,
        arn: /^arn:aws:emr-serverless:eu-west-1:123456789012:\/applications\/00[0-9a-z]{14}$/,
        architecture: /^X86_64$/,
      },
    ],
    ["aws:emrserverless/application:Application", { architecture: "ARM64" }, { architecture: /^ARM64$/ }],
    [
      "aws:s3/bucket:Bucket",
      { bucket: "b" },
      {
        id: /^b$/,
        arn: /^arn:aws:s3:::b$/,
        bucketDomainName: /^b\.s3\.amazonaws\.com$/,
        bucketRegionalDomainName: /^b\.s3\.eu-west-1\.amazonaws\.com$/,
      },
    ],
    [
      "aws:s3/bucket:Bucket",
      { bucketPrefix: "logs-" },
      { id: /^logs-[0-9a-f]{26}$/, arn: /^arn:aws:s3:::logs-[0-9a-f]{26}$/ },
    ],
    [
      "aws:s3/bucketObjectv2:BucketObjectv2",
      { bucket: "b", key: "steps/totals.py" },
      {
        id: /^b\/steps\/totals\.py$/,
        arn: /^arn:aws:s3:::b\/steps\/totals\.py$/,
        etag: /^[0-9a-f]{32}$/,
        versionId: /^$/,
        checksumSha256: /^$/,
      },
    ],
    ["aws:s3/bucketObject:BucketObject", { bucket: "b", key: "k" }, { id: /^b\/k$/, arn: /^arn:aws:s3:::b\/k$/ }],
    ["aws:s3/bucketVersioning:BucketVersioning", { bucket: "b" }, { id: /^b$/ }],
    ["aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock", { bucket: "b" }, { id: /^b$/ }],
    [
      "aws:kms/key:Key",
      {},
      { arn: /^arn:aws:kms:eu-west-1:123456789012:key\/[0-9a-f-]{36}$/, keyId: /^[0-9a-f-]{36}$/ },
    ],
    ["aws:kms/key:Key", { multiRegion: true }, { id: /^mrk-[0-9a-f]{32}$/, arn: /:key\/mrk-[0-9a-f]{32}$/ }],
    [
      "aws:kms/alias:Alias",
      { name: "alias/a", targetKeyId: "mrk-1" },
      {
        id: /^alias\/a$/,
        arn: /^arn:aws:kms:eu-west-1:123456789012:alias\/a$/,
        targetKeyArn: /:123456789012:key\/mrk-1$/,
      },
    ],
    [
      "aws:kms/alias:Alias",
      { name: "alias/a", targetKeyId: "arn:aws:kms:r:1:key/k" },
      { targetKeyArn: /^arn:aws:kms:r:1:key\/k$/ },
    ],
  ];
  for (const [type, inputs, expected] of [...cases, ...data]) {
    it(`have the form of real ones: ${type} ${JSON.stringify(inputs)}`, () => {
      const outputs = outputsOf(type, inputs);
      for (const [name, pattern] of Object.entries(expected)) expect(outputs[name], name).to.match(pattern);
    });
  }

  it("have hosts of their services", () => {
    const host = (token: string, name: string) => {
      const subject = { seed: "urn", name: "n", token, region: "eu-west-1" };
      return plausible({ name, shape: { kind: "string" }, optional: false, configurable: false }, subject);
    };
    const label = "n-[0-9a-f]{7}";
    expect(host("eks:index:Cluster", "endpoint")).to.match(
      new RegExp(`^${label}\\.eks\\.eu-west-1\\.amazonaws\\.com$`),
    );
    for (const token of ["aws-apigateway:index:RestAPI", "aws:apigateway/domainName:DomainName"])
      expect(host(token, "url")).to.match(new RegExp(`^https://${label}\\.execute-api\\.eu-west-1\\.amazonaws\\.com$`));
  });

  it("are found in the packages that a component's package brings", () => {
    const directory = temporaryFolder();
    const write = (file: string, text: string) => {
      const target = path.join(directory, "node_modules/@pulumi/web", file);
      fs.mkdirSync(path.dirname(target), { recursive: true });
      fs.writeFileSync(target, text);
    };
    const site = "export declare class Site extends X {\n    readonly queue: pulumi.Output<pulumiAws.sqs.Queue>;\n}\n";
    const queue = "export declare class Queue extends X {\n    readonly url: pulumi.Output<string>;\n}\n";
    write("package.json", "{}");
    write("site.d.ts", site);
    write("node_modules/@pulumi/aws/package.json", "{}");
    write("node_modules/@pulumi/aws/sqs/queue.d.ts", queue);
    const shapes = new Shapes(directory);
    expect(shapes.ofResource("web:index:Site")?.map(({ shape }) => shape)).to.deep.equal([
      { kind: "resource", token: "aws:sqs/queue:Queue" },
    ]);
    expect(shapes.ofResource("aws:sqs/queue:Queue")).to.have.lengthOf(1);
  });

  it("are the same in every run, and differ between resources", () => {
    const type = "aws:sqs/queue:Queue";
    expect(outputsOf(type)).to.deep.equal(outputsOf(type));
    expect(outputsOf(type).name).to.not.equal(outputsOf(type, {}, { urn: "urn:another" }).name);
  });

  it("give each instance an address of its own", () => {
    const [one, other] = ["urn:one", "urn:other"].map((urn) => outputsOf("aws:ec2/instance:Instance", {}, { urn }));
    expect(one?.privateIp)
      .to.match(/^10\.0\.\d+\.\d+$/)
      .and.to.not.equal(other?.privateIp);
    expect(one?.privateDns).to.equal(`ip-${String(one?.privateIp).replaceAll(".", "-")}.eu-west-1.compute.internal`);
  });

  it("do not invent what the program could have configured", () => {
    const outputs = outputsOf("aws:dynamodb/table:Table", { hashKey: "id" });
    expect(outputs.globalSecondaryIndexes).to.deep.equal([]);
    expect(outputs.ttl).to.deep.equal({});
    expect(outputsOf("aws:sqs/queue:Queue")).to.include({ policy: "", redrivePolicy: "" });
  });

  it("fill in what only a deployment knows, at any depth", () => {
    const outputs = outputsOf("aws:elasticache/cluster:Cluster", { engine: "redis" });
    expect(outputs.cacheNodes).to.be.an("array").with.lengthOf(1);
    const [node] = outputs.cacheNodes as Record<string, unknown>[];
    expect(node)
      .to.include({ port: 443 })
      .and.have.property("address")
      .that.matches(/amazonaws\.com$/);
  });

  it("take the name from the id of a read", () => {
    expect(outputsOf("aws:dynamodb/table:Table", {}, { external: true, id: "orders" })).to.include({ name: "orders" });
  });

  it("have another image URI for another tag", () => {
    const uri = (imageTag: string) => outputsOf("awsx:ecr:Image", { repositoryUrl: "jobs", imageTag }).imageUri;
    expect(uri("a")).to.equal(uri("a")).and.not.equal(uri("b"));
  });

  it("are secret when derived from a secret, also from a prefix of the name", () => {
    expect(computed("aws:s3/bucket:Bucket", { bucketPrefix: new Secret("hidden-") }).outputs.bucket).to.be.instanceOf(
      Secret,
    );
    const { outputs } = computed("aws:sqs/queue:Queue", { name: new Secret("hidden"), region: "eu-west-1" });
    expect(outputs.arn).to.deep.equal(new Secret("arn:aws:sqs:eu-west-1:123456789012:hidden"));
  });

  it("are finite for a type that contains itself", () => {
    const directory = temporaryFolder();
    const write = (file: string, text: string) => {
      fs.mkdirSync(path.join(directory, "node_modules/@pulumi/tree/types"), { recursive: true });
      fs.writeFileSync(path.join(directory, "node_modules/@pulumi/tree", file), text);
    };
    write("package.json", "{}");
    write("node.d.ts", "export declare class Node extends X {\n    readonly root: pulumi.Output<outputs.Root>;\n}\n");
    const root = "export interface Root {\n    name: string;\n    children: outputs.Root[];\n}\n";
    write("types/output.d.ts", `${root}export interface Other {\n    unrelated: string;\n}\n`);
    const [field] = new Shapes(directory).ofResource("tree:index:Node") ?? [];
    const subject = { seed: "urn", name: "n", token: "tree:index:Node", region: "eu-west-1" };
    expect(field && plausible(field, subject)).to.deep.equal({ name: autoName(subject), children: [] });
  });

  it("have templates only for properties of their types", () => {
    const shapes = new Shapes(process.cwd());
    const isInstalled = (type: string) => fs.existsSync(`node_modules/@pulumi/${type.split(":")[0]}`);
    const unknown = Object.entries(awsTemplates).flatMap(([type, templates]) => {
      const fields = shapes.ofResource(type)?.map(({ name }) => name);
      if (!fields) return isInstalled(type) ? [type] : [];
      return Object.keys(templates).flatMap((name) =>
        name === "id" || fields.includes(name) ? [] : [`${type} ${name}`],
      );
    });
    expect(unknown).to.deep.equal([]);
  });
});

describe("awsx.ec2.Vpc", () => {
  const vpc = (inputs: Properties) => outputsOf("awsx:ec2:Vpc", inputs, { custom: false });
  const count = (outputs: Record<string, unknown>, ...names: string[]) =>
    names.map((name) => (outputs[name] as unknown[]).length);
  const ids = ["publicSubnetIds", "privateSubnetIds", "isolatedSubnetIds"];

  const kinds: [string, Properties, number[], number][] = [
    ["public and private ones in three zones", {}, [3, 3, 0], 3],
    ["the requested number of zones", { numberOfAvailabilityZones: 2 }, [2, 2, 0], 2],
    ["the named zones", { availabilityZoneNames: ["eu-west-1c"] }, [1, 1, 0], 1],
    ["one NAT gateway", { natGateways: { strategy: "Single" } }, [3, 3, 0], 1],
    ["no NAT gateway", { natGateways: { strategy: "None" } }, [3, 3, 0], 0],
    [
      "only isolated ones",
      { subnetSpecs: [{ type: "Isolated" }, { type: "Unused" }], natGateways: { strategy: "None" } },
      [0, 0, 3],
      0,
    ],
    [
      "two private ones in each zone",
      { subnetSpecs: [{ type: "Public" }, { type: "Private" }, { type: "private", name: "data" }] },
      [3, 6, 0],
      3,
    ],
    [
      "the usual ones and isolated ones",
      { subnetSpecs: [{ type: "Isolated" }], subnetStrategy: "AutoMerge", numberOfAvailabilityZones: 1 },
      [1, 1, 1],
      1,
    ],
  ];
  for (const [what, inputs, subnets, gateways] of kinds) {
    it(`has the specified subnets, all distinct: ${what}`, () => {
      const outputs = vpc(inputs);
      expect(count(outputs, ...ids)).to.deep.equal(subnets);
      expect(count(outputs, "natGateways", "eips")).to.deep.equal([gateways, gateways]);
      const all = ids.flatMap((name) => outputs[name] as string[]);
      expect(new Set(all)).to.have.property("size", all.length);
      expect(outputs.subnets).to.have.members(all);
      expect(outputs.routeTables).to.have.lengthOf(all.length);
    });
  }

  it("has consistent inner resources", () => {
    const inputs = { numberOfAvailabilityZones: 2, cidrBlock: "10.1.0.0/16" };
    const { urn } = computed("awsx:ec2:Vpc", inputs, { custom: false });
    const resource = computed("awsx:ec2:Vpc", inputs, { custom: false });
    const { made, parts } = provider.create(resource, "eu-west-1");
    const part = (type: string, name: string) => parts.find((one) => one.type === type && one.name === name);
    expect(part("aws:ec2/vpc:Vpc", "thing")).to.deep.include({ id: made.outputs.vpcId, parent: urn });
    expect(part("aws:ec2/vpc:Vpc", "thing")?.outputs).to.include({ cidrBlock: "10.1.0.0/16" });
    expect(part("aws:ec2/subnet:Subnet", "thing-private-2")?.outputs).to.include({
      vpcId: made.outputs.vpcId,
      availabilityZone: "eu-west-1b",
    });
  });

  it("refuses NAT gateways without subnets of both kinds", () => {
    expect(() => vpc({ subnetSpecs: [{ type: "Isolated" }] })).to.throw(
      'The NAT gateway strategy "OnePerAz" needs public and private subnets: specify both, or the strategy "None".',
    );
  });

  it("uses the given addresses for its NAT gateways", () => {
    const natGateways = { strategy: "Single", elasticIpAllocationIds: ["eipalloc-1"] };
    expect(count(vpc({ natGateways }), "natGateways", "eips")).to.deep.equal([1, 0]);
  });
});

describe("awsx.ec2.DefaultVpc", () => {
  it("is the VPC that look-ups find, with only public subnets", () => {
    const outputs = outputsOf("awsx:ec2:DefaultVpc", {}, { custom: false });
    expect(outputs.vpcId).to.equal(provider.invoke("aws:ec2/getVpc:getVpc", {}, "eu-west-1").id);
    expect(outputs.publicSubnetIds).to.deep.equal(
      provider.invoke("aws:ec2/getSubnets:getSubnets", {}, "eu-west-1").ids,
    );
    expect(outputs.privateSubnetIds).to.deep.equal([]);
  });
});

describe("a program without its SDK", () => {
  it("fails with the advice to install it", async () => {
    const directory = temporaryFolder();
    fs.writeFileSync(`${directory}/Pulumi.yaml`, "name: bare\nruntime: nodejs\n");
    const error = await failureOf(runProgram({ directory }));
    expect(error.message).to.match(/@pulumi\/pulumi is not installed for the program in .*: run npm install there\./);
  });
});
