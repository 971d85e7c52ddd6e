import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { expect } from "chai";
import { type Diagnostic, type Graph, type Resource, reveal, runProgram, Unknown } from "../../../offline";
import { failureOf, get, programDirectory, run, runScript } from "../../helpers/offline/program";

describe("the runner", () => {
  it("runs ES modules", async () => {
    const graph = await run("esModule");
    expect(graph.outputs).to.deep.equal({ name: "from-a-module" });
  });

  it("runs JavaScript that exports a function, and shows what it prints", async () => {
    const diagnostics: Diagnostic[] = [];
    const resources: Resource[] = [];
    const graph = await run("javascript", {
      dryRun: true,
      onDiagnostic: (diagnostic) => diagnostics.push(diagnostic),
      onResource: (resource) => resources.push(resource),
    });
    expect(graph.outputs).to.deep.equal({ bucket: "imported-bucket", isDryRun: true });
    expect(diagnostics).to.deep.equal([{ severity: "info", message: "printed by the program" }]);
    expect(resources.map(({ name }) => name)).to.deep.equal(["javascript-dev", "bucket"]);
  });

  it("does not wait for a daemon that holds the program's output open", async () => {
    const { outputs } = await runScript(
      `const { spawn } = require("node:child_process");
      const daemon = spawn("sleep", ["60"], { stdio: "inherit", detached: true });
      daemon.unref();
      exports.pid = daemon.pid;`,
    );
    process.kill(Number(outputs.pid));
  });

  it("does not wait for the certificate of a made-up issuer, as old versions of eks do", async () => {
    const packages = {
      "@pulumi/eks/package.json": "{}",
      "@pulumi/eks/cert-thumprint.js":
        "exports.getIssuerCAThumbprint = () => new Promise((end) => setTimeout(end, 60000));",
    };
    const code = `exports.print = require("@pulumi/eks/cert-thumprint").getIssuerCAThumbprint("https://issuer");`;
    const { outputs } = await runScript(code, "", { timeoutSeconds: 30 }, packages);
    expect(outputs.print).to.match(/^[0-9a-f]{40}$/);
  });

  it("runs closures that become Lambda code", async () => {
    const graph = await runClosure("hello from a closure");
    const code = JSON.stringify(get(graph, "callback", "aws:lambda/function:Function").inputs.code);
    expect(code).to.contain("hello from a closure");
  });

  it("gives the position of a closure that cannot become code", async () => {
    const error = await failureOf(runClosure("iterator"));
    expect(error.message).to.match(/^The program failed: Error serializing .*: index\.ts\(\d+,\d+\)\n/);
  });
});

describe("references to other stacks", () => {
  it("have the outputs in stack-references.yaml", async () => {
    const graph = await run("references");
    expect(reveal(graph.outputs)).to.deep.equal({ vpcId: "vpc-0123456789abcdef0" });
  });

  it("fail without outputs, with a message that says what to write", async () => {
    const error = await failureOf(run("references", { config: { network: "acme/other/dev" } }));
    expect(error.message).to.contain('"acme/other/dev": { name: value, ... }').and.contain("stack-references.yaml");
  });

  it("have unknown outputs in a dry run without them", async () => {
    const graph = await run("references", { config: { network: "acme/other/dev" }, dryRun: true });
    expect(graph.outputs.vpcId).to.be.instanceOf(Unknown);
    expect(graph.diagnostics.map(({ severity }) => severity)).to.deep.equal(["warning"]);
  });
});

describe("the region of a program", () => {
  for (const [region, partition, dnsSuffix, reverseDnsPrefix] of [
    ["eu-west-1", "aws", "amazonaws.com", "com.amazonaws"],
    ["cn-north-1", "aws-cn", "amazonaws.com.cn", "cn.com.amazonaws"],
    ["us-gov-west-1", "aws-us-gov", "amazonaws.com", "com.amazonaws"],
    ["eusc-de-east-1", "aws-eusc", "amazonaws.eu", "eu.amazonaws"],
  ]) {
    it(`is in a partition, which ARNs and host names show: ${region}`, async () => {
      const code = `const aws = require("@pulumi/aws");
        const queue = new aws.sqs.Queue("orders");
        const bucket = new aws.s3.Bucket("items");
        const unlisted = new aws.appconfig.Application("app");
        exports.partition = aws.getPartitionOutput();
        exports.caller = aws.getCallerIdentityOutput().arn;
        exports.values = [queue.arn, queue.url, bucket.arn, bucket.bucketRegionalDomainName, unlisted.arn];`;
      const { outputs } = await runScript(code, `config: { aws:region: { value: ${region} } }`);
      const { partition: found, caller, values } = reveal(outputs) as Record<string, unknown>;
      expect(found).to.deep.equal({ id: partition, partition, dnsSuffix, reverseDnsPrefix });
      expect(caller).to.equal(`arn:${partition}:iam::123456789012:user/offline`);
      const [queueArn, url, bucketArn, host, unlisted] = values as string[];
      expect(queueArn).to.match(new RegExp(`^arn:${partition}:sqs:${region}:123456789012:orders-`));
      expect(url).to.match(new RegExp(`^https://sqs\\.${region}\\.${dnsSuffix}/123456789012/orders-`));
      expect(bucketArn).to.match(new RegExp(`^arn:${partition}:s3:::items-`));
      expect(host).to.match(new RegExp(`\\.s3\\.${region}\\.${dnsSuffix}$`));
      expect(unlisted).to.match(new RegExp(`^arn:${partition}:appconfig:${region}:`));
    });
  }

  const usesAws = `const aws = require("@pulumi/aws"); exports.arn = new aws.sns.Topic("topic").arn;`;

  function warningsOf({ diagnostics }: Graph): string[] {
    return diagnostics.filter(({ severity }) => severity === "warning").map(({ message }) => message);
  }

  it("is assumed when none is configured, with a single warning", async () => {
    const code = `${usesAws} new aws.sqs.Queue("queue"); exports.zones = aws.getAvailabilityZonesOutput().names;`;
    const graph = await runScript(code, "", { config: { region: "eu-west-1" } });
    expect(warningsOf(graph)).to.deep.equal([
      "No AWS region is configured: us-east-1 is assumed. Choose one with --config aws:region=REGION. " +
        '("script:region" is the program\'s own key.)',
    ]);
    expect(reveal(graph.outputs.arn)).to.contain(":us-east-1:");
  });

  it("causes no warning when it is configured or not needed", async () => {
    const own = `const aws = require("@pulumi/aws"); const provider = new aws.Provider("p", { region: "eu-west-1" });
      new aws.sns.Topic("topic", {}, { provider });`;
    const graphs = [
      await runScript(usesAws, "config: { aws:region: { value: eu-west-1 } }"),
      await runScript(own),
      await runScript("exports.nothing = 1"),
    ];
    expect(graphs.map(warningsOf)).to.deep.equal([[], [], []]);
  });

  it("causes a warning when a provider that the program creates has one that does not exist", async () => {
    const graph = await runScript(`new (require("@pulumi/aws").Provider)("p", { region: "eu-west-9" });`);
    expect(warningsOf(graph)).to.deep.equal([
      '"region" is "eu-west-9", which is not an AWS region: did you mean "eu-west-1"?',
    ]);
  });
});

describe("look-ups", () => {
  const code = `const aws = require("@pulumi/aws");
    const orCreate = (found, create) => found.then(() => "found", (error) => create(error));
    module.exports = async () => ({
      vpc: await orCreate(aws.ec2.getVpc({ tags: { Name: "own" } }), (error) => error.message),
      again: await orCreate(aws.ec2.getVpc({ default: true }), () => new aws.ec2.Vpc("vpc").id),
      subnets: aws.ec2.getSubnetsOutput().ids,
      bucket: await orCreate(aws.s3.getBucket({ bucket: "b" }), () => "created"),
    });`;
  const region = "config: { aws:region: { value: eu-west-1 } }";

  it("find nothing when told so, as the provider does: no ids, else an error that a program can catch", async () => {
    const lookups = {
      "aws:ec2/getVpc:getVpc": "none",
      "aws:ec2:getSubnets": "none",
      "aws:ec2:getVcp": "none",
    } as const;
    const { outputs, diagnostics } = await runScript(code, region, { lookups });
    const { vpc, again, ...others } = outputs;
    expect(vpc).to.contain("invocation of aws:ec2/getVpc:getVpc returned an error");
    expect(again).to.match(/^vpc-/);
    expect(others).to.deep.equal({ subnets: [], bucket: "found" });
    expect(diagnostics.map(({ message }) => message)).to.deep.equal([
      "--lookup aws:ec2:getVcp=none: the program did not call this function.",
    ]);
  });
});

describe("the runtime options of a program", () => {
  it("may name arguments for Node.js, quoted as in a shell", async () => {
    const code = "exports.given = process.execArgv.filter((one) => /stack-trace|import|loader|title/.test(one));";
    const yaml = `runtime: { name: nodejs, options: { nodeargs: "--stack-trace-limit=7 --import=tsx --loader ts-node/esm --title='two words'" } }`;
    const { outputs } = await runScript(code, yaml);
    expect(outputs.given).to.deep.equal(["--stack-trace-limit=7", "--title=two words"]);
  });

  it("may name Bun, with a warning", async () => {
    const { outputs, diagnostics } = await runScript("exports.node = typeof Bun;", "runtime: bun");
    expect(outputs.node).to.equal("undefined");
    expect(diagnostics.map(({ message }) => message)).to.deep.equal([
      '"runtime" is "bun": the program runs on Node.js here.',
    ]);
  });
});

describe("resources inside remote components", () => {
  const region = "config: { aws:region: { value: eu-west-1 } }";

  it("have outputs that the program can read, also in apply", async () => {
    const code = `const awsx = require("@pulumi/awsx"); require("@pulumi/aws/lb"); require("@pulumi/aws/iam");
      const balancer = new awsx.lb.ApplicationLoadBalancer("web");
      const task = new awsx.ecs.FargateTaskDefinition("task", { container: { image: "i" }, taskRole: { args: {} } });
      const repository = new awsx.ecr.Repository("images");
      module.exports = {
        host: balancer.loadBalancer.dnsName,
        arn: balancer.loadBalancer.apply(({ arn }) => arn.apply((text) => text.split(":")[2])),
        group: balancer.defaultTargetGroup.arn,
        listeners: balancer.listeners.apply((listeners) => listeners.map(({ arn }) => arn)),
        role: task.taskRole.apply((role) => role.arn),
        url: repository.url,
        same: repository.repository.repositoryUrl,
      };`;
    const outputs = reveal((await runScript(code, region)).outputs) as Record<string, string>;
    expect(outputs.host).to.match(/^web-.*\.eu-west-1\.elb\.amazonaws\.com$/);
    expect(outputs.arn).to.equal("elasticloadbalancing");
    expect(outputs.group).to.match(/:targetgroup\/web-/);
    expect(outputs.listeners).to.have.lengthOf(1);
    expect(outputs.role).to.match(/^arn:aws:iam::123456789012:role\/task-/);
    expect(outputs.url).to.match(/^123456789012\.dkr\.ecr\.eu-west-1\.amazonaws\.com\/images-/);
    expect(outputs.same).to.equal(outputs.url);
  });

  it("turn into the component in the dependencies of other resources", async () => {
    const code = `const awsx = require("@pulumi/awsx"); const aws = require("@pulumi/aws");
      const vpc = new awsx.ec2.Vpc("network", { numberOfAvailabilityZones: 1 });
      const routeTableIds = vpc.routeTables.apply((tables) => tables.map(({ id }) => id));
      new aws.ec2.VpcEndpoint("endpoint", { vpcId: vpc.vpc.id, serviceName: "s3", routeTableIds });`;
    const graph = await runScript(code, region);
    const component = get(graph, "network").urn;
    const { inputs, dependencies, propertyDependencies } = get(graph, "endpoint");
    expect(inputs.routeTableIds).to.satisfy((ids: string[]) => ids.length === 2 && ids.every((id) => /^rtb-/.test(id)));
    expect(inputs.vpcId).to.equal(get(graph, "network").outputs.vpcId);
    expect(dependencies).to.deep.equal([component]);
    expect(propertyDependencies).to.deep.equal({ routeTableIds: [component], vpcId: [component] });
    expect(graph.resources.map(({ name }) => name)).to.have.members([
      "script-dev",
      "network",
      "endpoint",
      ...graph.resources.filter(({ type }) => type.startsWith("pulumi:providers:")).map(({ name }) => name),
    ]);
  });
});

/** The SDK looks for a workspace around the program in a way that needs Node 22, so this one is outside ours. */
async function runClosure(captured: string): Promise<Graph> {
  const directory = fs.mkdtempSync(path.join(os.tmpdir(), "closure-"));
  try {
    fs.cpSync(programDirectory("closure"), directory, { recursive: true });
    fs.writeFileSync(path.join(directory, "package.json"), '{ "name": "closure" }');
    fs.symlinkSync(path.resolve("node_modules"), path.join(directory, "node_modules"));
    return await runProgram({ directory, config: { captured } });
  } finally {
    fs.rmSync(directory, { recursive: true });
  }
}
