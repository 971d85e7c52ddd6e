import * as aws from "@pulumi/aws";
import * as awsx from "@pulumi/awsx";
import * as pulumi from "@pulumi/pulumi";

/** Each feature that an engine must serve, once: see run.test.ts. */
pulumi.runtime.registerInvokeTransform(({ token, args, opts }) =>
  token.endsWith("getVpc") ? { args: { ...args, cidrBlock: "10.9.0.0/16" }, opts } : undefined,
);
pulumi.runtime.registerResourceTransform(({ type, props, opts }) =>
  type === "aws:sqs/queue:Queue" ? { props: { ...props, delaySeconds: 7 }, opts } : undefined,
);

class Inner extends pulumi.ComponentResource {
  readonly queue: aws.sqs.Queue;
  constructor(name: string, options: pulumi.ComponentResourceOptions) {
    super("tests:index:Inner", name, {}, options);
    this.queue = new aws.sqs.Queue(name, {}, { parent: this });
    this.registerOutputs({ queueUrl: this.queue.url });
  }
}

class Outer extends pulumi.ComponentResource {
  readonly inner: Inner;
  constructor(name: string, options: pulumi.ComponentResourceOptions = {}) {
    super("tests:index:Outer", name, { size: 2 }, options);
    this.inner = new Inner(name, { parent: this });
    this.registerOutputs({ inner: this.inner });
  }
}

const token = new pulumi.Config().requireSecret("token");
const created: string[] = [];
const remember = new pulumi.ResourceHook("remember", ({ urn }) => void created.push(urn), { onDryRun: true });
const skipped = new pulumi.ResourceHook("skipped", () => void created.push("a dry run"));

const ohio = new aws.Provider("ohio", { region: "us-east-2" });
const outer = new Outer("outer", {
  providers: { aws: ohio },
  protect: true,
  retainOnDelete: true,
  aliases: [{ name: "before" }],
});
const topic = new aws.sns.Topic("topic", {}, { dependsOn: [outer], hooks: { beforeCreate: [remember, skipped] } });
const fifo = new aws.sqs.Queue(
  "fifo",
  { fifoQueue: true, tags: { topic: topic.name } },
  { aliases: [{ parent: outer }] },
);
const labelled = new aws.sns.Topic(
  "labelled",
  { displayName: "plain" },
  { transforms: [({ props, opts }) => ({ props: { ...props, displayName: "transformed" }, opts })] },
);
const parameter = new aws.ssm.Parameter(
  "parameter",
  { type: "String", value: token, description: "a secret" },
  { additionalSecretOutputs: ["arn"], ignoreChanges: ["description"], customTimeouts: { create: "5m" } },
);
const existing = aws.dynamodb.Table.get("existing", "orders");
const network = new awsx.ec2.Vpc("network", { numberOfAvailabilityZones: 2 });

class Dynamic extends pulumi.dynamic.Resource {
  constructor(name: string) {
    super({ create: async (inputs) => ({ id: "made", outs: inputs }) }, name, { greeting: "hello" });
  }
}
const dynamic = new Dynamic("dynamic");

export const region = aws.getRegionOutput().apply((result) => result.region);
export const vpcBlock = aws.ec2.getVpcOutput({ default: true }).cidrBlock;
export const policy = aws.iam.getPolicyDocumentOutput({
  statements: [{ actions: ["s3:GetObject"], resources: [topic.arn] }],
}).minifiedJson;
export const innerUrl = outer.inner.queue.url;
export const fifoName = fifo.name;
export const displayName = labelled.displayName;
export const secret = parameter.value;
export const existingArn = existing.arn;
export const subnets = network.privateSubnetIds;
export const dynamicUrn = dynamic.urn;
export const reference = topic;
// A queue's hook has run by the time that its URN is known.
export const hooked = topic.urn.apply(() => created);
