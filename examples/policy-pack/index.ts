import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

const role = new aws.iam.Role("greeter", {
  assumeRolePolicy: aws.iam.assumeRolePolicyForPrincipal({ Service: "lambda.amazonaws.com" }),
});
const logs = new aws.cloudwatch.LogGroup("greeter", { retentionInDays: 30 });
const greeter = new aws.lambda.Function("greeter", {
  runtime: "nodejs24.x",
  architectures: ["arm64"],
  handler: "index.handler",
  memorySize: 256,
  timeout: 10,
  role: role.arn,
  code: new pulumi.asset.FileArchive("greeter"),
  loggingConfig: { logFormat: "JSON", logGroup: logs.name },
});

export const functionName = greeter.name;
