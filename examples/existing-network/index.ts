import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { LambdaFunction } from "pulumi-graviton";

const config = new pulumi.Config();
const vpc = aws.ec2.getVpcOutput({ tags: { Name: config.require("vpcName") } });
const subnets = aws.ec2.getSubnetsOutput({
  filters: [
    { name: "vpc-id", values: [vpc.id] },
    { name: "tag:Tier", values: ["private"] },
  ],
});
const table = aws.dynamodb.getTableOutput({ name: config.require("tableName") });

const group = new aws.ec2.SecurityGroup("orders", {
  vpcId: vpc.id,
  description: "Lets the function reach AWS",
  egress: [{ protocol: "tcp", fromPort: 443, toPort: 443, cidrBlocks: ["0.0.0.0/0"] }],
});
const orders = new LambdaFunction("orders", {
  entry: "handlers/orders.ts",
  vpc: { subnetIds: subnets.ids, securityGroupIds: [group.id] },
  // What `access("read")` of an ItemsTable of this program would give.
  access: [
    {
      environment: { TABLE_NAME: table.name },
      statements: [{ actions: ["dynamodb:GetItem", "dynamodb:Query", "dynamodb:Scan"], resources: [table.arn] }],
    },
  ],
});

export const functionName = orders.functionName;
