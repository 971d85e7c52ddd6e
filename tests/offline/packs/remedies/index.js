const { PolicyPack } = require("@pulumi/policy");
const { asset } = require("@pulumi/pulumi");

const remedy = (name, type, remediateResource) => ({
  name,
  description: name,
  remediateResource: (args) => (args.type === type ? remediateResource(args.props) : undefined),
});

new PolicyPack("remedies", {
  enforcementLevel: "remediate",
  policies: [
    remedy("region", "pulumi:providers:aws", (props) => ({ ...props, region: "us-east-2" })),
    remedy("labelled", "aws:sns/topic:Topic", (props) => {
      props.tags.owner = "the pack";
      return props;
    }),
    // The second sees what the first made.
    remedy("counted", "aws:sns/topic:Topic", (props) => ({ ...props, displayName: Object.keys(props.tags).join(" ") })),
    remedy("copied", "aws:lambda/function:Function", (props) => ({
      ...JSON.parse(JSON.stringify(props)),
      code: props.code,
      description: "remedied",
    })),
    remedy("leaked", "aws:lambda/function:Function", (props) => ({
      ...props,
      handler: `index.${props.environment.variables.TOKEN}`,
    })),
    remedy("unchanged", "aws:s3/bucket:Bucket", (props) => props),
    remedy("archived", "aws:s3/bucket:Bucket", (props) => ({
      ...props,
      archive: new asset.AssetArchive({ a: new asset.StringAsset("a") }),
    })),
  ],
});
