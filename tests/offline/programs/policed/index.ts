import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

/** What the packs of tests/offline/packs find something in. */
const token = new pulumi.Config().requireSecret("token");

class Team extends pulumi.ComponentResource {
  constructor(name: string) {
    super("tests:index:Team", name, { size: 2 });
    this.registerOutputs({ size: 2 });
  }
}

const team = new Team("team");
const bucket = new aws.s3.Bucket("bucket", {}, { parent: team });
const topic = new aws.sns.Topic(
  "topic",
  { tags: { bucket: bucket.id } },
  {
    protect: true,
    ignoreChanges: ["policy"],
    aliases: [{ name: "before" }],
    customTimeouts: { create: "1m30s" },
    deleteBeforeReplace: true,
    additionalSecretOutputs: ["arn"],
  },
);
aws.sns.Topic.get("known", "arn:aws:sns:eu-west-1:123456789012:known");
const archive = new pulumi.asset.AssetArchive({ "index.js": new pulumi.asset.StringAsset("exports.handler = null;") });
new aws.lambda.Function("function", {
  role: "arn:aws:iam::123456789012:role/function",
  runtime: "nodejs22.x",
  handler: "index.handler",
  code: archive,
  environment: { variables: { TOKEN: token } },
  layers: [token, "plain"],
});

export const topicTags = topic.tags;
export const region = aws.getRegionOutput().region;
export const topicArn = topic.arn;
