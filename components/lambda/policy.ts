import * as pulumi from "@pulumi/pulumi";
import { type Statement, whenKnown } from "../access";
import type { FileSystemArgs } from "./args";

/** Permission to write to the function's own log group, and nowhere else. */
export function logStatement(logGroupArn: pulumi.Input<string>): Statement {
  return {
    actions: ["logs:CreateLogStream", "logs:PutLogEvents"],
    resources: [pulumi.interpolate`${logGroupArn}:*`],
  };
}

/** X-Ray supports no resource-level permissions. @see Service Authorization Reference, AWS X-Ray */
export const tracingStatement: Statement = {
  actions: ["xray:PutTraceSegments", "xray:PutTelemetryRecords"],
  resources: ["*"],
};

/** Lambda creates the network interfaces with the function's role. @see AWSLambdaVPCAccessExecutionRole */
export const networkStatement: Statement = {
  actions: [
    ...["ec2:CreateNetworkInterface", "ec2:DescribeNetworkInterfaces", "ec2:DeleteNetworkInterface"],
    ...["ec2:AssignPrivateIpAddresses", "ec2:UnassignPrivateIpAddresses", "ec2:DescribeSubnets"],
  ],
  resources: ["*"],
};

/**
 * The rights with which a durable function records its steps, on all its versions.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/durable-security.html
 */
export function durableStatement(functionArn: pulumi.Input<string>): Statement {
  return {
    actions: ["lambda:CheckpointDurableExecution", "lambda:GetDurableExecutionState"],
    resources: [pulumi.interpolate`${functionArn}:*`],
  };
}

/**
 * The right to mount a file system through this access point and no other, and to write to it. An access point of EFS
 * does not name its file system; one of S3 Files does, as `…:file-system/fs-…/access-point/fsap-…`.
 * @see Service Authorization Reference, Amazon Elastic File System and Amazon S3 Files
 */
export function fileSystemStatement({ accessPointArn }: FileSystemArgs): pulumi.Input<Statement> {
  return whenKnown(accessPointArn, (arn = "") => {
    const isS3 = arn.split(":")[2] === "s3files";
    const service = isS3 ? "s3files" : "elasticfilesystem";
    return {
      actions: [`${service}:ClientMount`, `${service}:ClientWrite`],
      resources: isS3
        ? [arn, arn.replace(/\/access-point\/.*$/, "")]
        : [arn.replace(/:access-point\/.*$/, ":file-system/*")],
      conditions: { StringEquals: { [`${service}:AccessPointArn`]: arn } },
    };
  });
}
