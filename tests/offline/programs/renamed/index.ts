import * as aws from "@pulumi/aws";
import * as awsx from "@pulumi/awsx";
import * as pulumi from "@pulumi/pulumi";

/** Its component has the configured name, and the former ones as aliases: see previous.test.ts. */
class Shop extends pulumi.ComponentResource {
  constructor(name: string, options: pulumi.ComponentResourceOptions) {
    super("tests:index:Shop", name, {}, options);
    new aws.dynamodb.Table(
      `${name}-items`,
      { hashKey: "id", attributes: [{ name: "id", type: "S" }] },
      { parent: this },
    );
    new aws.apigateway.RestApi(name, {}, { parent: this });
    const network = new awsx.ec2.Vpc(name, {}, { parent: this });
    new aws.ec2.SecurityGroup(name, { vpcId: network.vpcId, tags: { zone: network.vpc.id } }, { parent: this });
  }
}

const config = new pulumi.Config();
const aliases = config.requireObject<string[]>("aliases").map((name) => ({ name }));
new Shop(config.require("name"), { aliases });
