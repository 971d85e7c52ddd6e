import { expect } from "chai";
import { type ProgramOptions, reveal } from "../../../offline";
import { failureOf, runScript } from "../../helpers/offline/program";

const region = "config: { aws:region: { value: eu-west-1 } }";

/** A cut-down @pulumi/eks: a cluster that is a remote component, with the declarations of its outputs. */
const eks = {
  "@pulumi/eks/package.json": "{}",
  "@pulumi/eks/index.js": `const pulumi = require("@pulumi/pulumi");
    const outputs = ["core", "eksCluster", "kubeconfig", "kubeconfigJson", "nodeSecurityGroup", "oidcProviderUrl", "endpoint"];
    exports.Cluster = class extends pulumi.ComponentResource {
      constructor(name, args) {
        const unset = Object.fromEntries(outputs.map((output) => [output, undefined]));
        super("eks:index:Cluster", name, { ...unset, ...args }, {}, true);
      }
    };`,
  "@pulumi/eks/cluster.d.ts": `export declare class Cluster extends pulumi.ComponentResource {
    readonly core: pulumi.Output<outputs.CoreData>;
    readonly eksCluster: pulumi.Output<pulumiAws.eks.Cluster>;
    readonly instanceRoles: pulumi.Output<pulumiAws.iam.Role[]>;
    readonly kubeconfig: pulumi.Output<any>;
    readonly kubeconfigJson: pulumi.Output<string>;
    readonly nodeSecurityGroup: pulumi.Output<pulumiAws.ec2.SecurityGroup | undefined>;
    readonly oidcIssuer: pulumi.Output<string>;
    readonly oidcProviderUrl: pulumi.Output<string>;
    readonly endpoint: pulumi.Output<string | undefined>;
}
export interface ClusterArgs {
    instanceRoles?: pulumi.Input<pulumi.Input<pulumiAws.iam.Role>[]>;
}
`,
  "@pulumi/eks/types/output.d.ts": `export interface CoreData {
    cluster: pulumiAws.eks.Cluster;
    instanceRoles: pulumiAws.iam.Role[];
    kubeconfig?: any;
    oidcProvider?: pulumiAws.iam.OpenIdConnectProvider;
    awsProvider?: pulumiAws.Provider;
    provider: pulumiKubernetes.Provider;
    tags?: {
        [key: string]: string;
    };
}
`,
};

async function outputsOf(code: string, options: Partial<ProgramOptions> = {}, packages = {}) {
  const start = `const pulumi = require("@pulumi/pulumi"); const aws = require("@pulumi/aws");
    const awsx = require("@pulumi/awsx");`;
  return reveal((await runScript(`${start} ${code}`, region, options, packages)).outputs) as Record<string, unknown>;
}

describe("outputs of remote components that are resources", () => {
  for (const dryRun of [true, false]) {
    it(`are resources, also inside objects (dryRun: ${dryRun})`, async () => {
      const code = `const { Cluster } = require("@pulumi/eks");
        const role = new aws.iam.Role("nodes", { name: "nodes", assumeRolePolicy: "{}" });
        const cluster = new Cluster("c", { instanceRoles: [role] });
        module.exports = {
          name: cluster.eksCluster.name,
          same: cluster.core.cluster.name,
          urn: cluster.eksCluster.urn,
          issuer: cluster.core.oidcProvider.url,
          arn: cluster.core.oidcProvider.arn,
          roles: cluster.core.instanceRoles.apply((roles) => pulumi.all(roles.map(({ name }) => name))),
          server: cluster.kubeconfig.apply(({ clusters }) => clusters[0].cluster.server),
          endpoint: cluster.eksCluster.endpoint,
          kubeconfig: cluster.core.kubeconfig,
          group: cluster.nodeSecurityGroup.apply(({ id }) => id),
          queue: cluster.core.apply(({ awsProvider: provider }) => new aws.sqs.Queue("q", { name: "q" }, { provider }).name),
          url: cluster.oidcProviderUrl,
          host: cluster.endpoint,
        };`;
      const outputs = await outputsOf(code, { dryRun }, eks);
      expect(outputs.name).to.match(/^c-eksCluster-[0-9a-f]{7}$/);
      expect(outputs.same).to.equal(outputs.name);
      expect(outputs.urn).to.match(/aws:eks\/cluster:Cluster::c-eksCluster$/);
      expect(outputs.issuer).to.match(/^https:\/\/oidc\.eks\.eu-west-1\.amazonaws\.com\/id\/[0-9A-Z]{32}$/);
      expect(outputs.url).to.equal(outputs.issuer);
      expect(outputs.arn).to.equal(`arn:aws:iam::123456789012:oidc-provider/${String(outputs.url).slice(8)}`);
      expect(outputs.roles).to.deep.equal(["nodes"]);
      expect(outputs.server).to.equal(outputs.endpoint);
      expect(outputs.kubeconfig).to.have.property("kind", "Config");
      expect(outputs.group).to.match(/^sg-/);
      expect(outputs.queue).to.equal("q");
      expect(outputs.host).to.match(/\.eks\.eu-west-1\.amazonaws\.com$/);
    });
  }

  it("are not shadowed by the inputs that configure them", async () => {
    const code = `const lb = new awsx.lb.ApplicationLoadBalancer("lb", {
        listeners: [{ port: 80 }, { port: 81 }],
        defaultTargetGroup: pulumi.secret({ port: 80 }),
      });
      module.exports = {
        group: lb.defaultTargetGroup.arn,
        listeners: lb.listeners.apply((listeners) => listeners.map(({ arn, loadBalancerArn }) => [arn, loadBalancerArn])),
        vpc: lb.vpcId,
      };`;
    const outputs = await outputsOf(code);
    expect(outputs.group).to.match(/:targetgroup\/lb-/);
    expect(outputs.vpc).to.match(/^vpc-/);
    const [[arn, balancer] = []] = outputs.listeners as string[][];
    expect(arn).to.match(/:listener\/app\//);
    expect(balancer).to.match(/^arn:aws:elasticloadbalancing:/);
  });

  it("are unknown as long as computed outputs are", async () => {
    const code = `const lb = new awsx.lb.ApplicationLoadBalancer("lb", { listeners: [{ port: 80 }] });
      exports.text = lb.listeners.apply((listeners) => listeners[0].arn.length);`;
    expect(await outputsOf(code, { unknowns: true })).to.deep.equal({ text: undefined });
  });

  it("have a URN even then, which aliases may name", async () => {
    const code = `const { Cluster } = require("@pulumi/eks");
      const { eksCluster } = new Cluster("c", {});
      const aliases = [{ parent: eksCluster.urn }];
      new aws.sqs.Queue("q", {}, { transforms: [({ props, opts }) => ({ props, opts: { ...opts, aliases } })] });
      module.exports = { urn: eksCluster.urn, id: eksCluster.id, name: eksCluster.name.apply((name) => name.length) };`;
    const { urn, ...unknown } = await outputsOf(code, { unknowns: true }, eks);
    expect(urn).to.match(/aws:eks\/cluster:Cluster::c-eksCluster$/);
    expect(unknown).to.deep.equal({ id: undefined, name: undefined });
  });
});

describe("a computed map", () => {
  const template = JSON.stringify({
    Outputs: { Bucket: { Value: "logs" }, QueueArn: { Value: { "Fn::GetAtt": ["Queue", "Arn"] } } },
  });
  const yaml = "Outputs:\n  Group: { Value: !Ref Group }\n  Account: { Value: 012345678901 }\n";

  it("has the keys that a CloudFormation template declares", async () => {
    const code = `const stack = (name, templateBody) => new aws.cloudformation.Stack(name, { templateBody }).outputs;
      const outputs = stack("a", ${JSON.stringify(template)});
      const written = stack("b", ${JSON.stringify(yaml)});
      module.exports = { bucket: outputs.Bucket, arn: outputs.QueueArn.apply((arn) => arn.split(":")[0]),
        group: written.Group.apply((group) => group.toLowerCase()), account: written.Account };`;
    const { bucket, arn, group, account } = await outputsOf(code);
    expect({ bucket, arn, account }).to.deep.equal({ bucket: "logs", arn: "arn", account: "012345678901" });
    expect(group).to.match(/^b-[0-9a-f]{7}-group$/);
  });

  it("is unknown in a preview if nothing declares its keys", async () => {
    const code = `const stack = new aws.cloudformation.Stack("a", { templateUrl: "https://example.com/t.json" });
      exports.text = stack.outputs.apply((outputs) => outputs.Bucket.length);`;
    expect(await outputsOf(code, { dryRun: true })).to.deep.equal({ text: undefined });
    expect((await failureOf(outputsOf(code))).message).to.contain("reading 'length'");
  });
});
