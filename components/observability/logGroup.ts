import * as cloudwatch from "@pulumi/aws/cloudwatch";
import type * as pulumi from "@pulumi/pulumi";
import type { LogRetentionDays } from "./retention";

/** How a log group keeps its events. */
interface LogGroupSettings {
  /** @default 30 */
  logRetentionDays?: LogRetentionDays;
  kmsKeyArn?: pulumi.Input<string>;
  tags?: pulumi.Input<Record<string, pulumi.Input<string>>>;
}

/** A log group of an AWS service. It keeps its name, and so its events, when the component is renamed. */
export function createLogGroup(
  name: string,
  service: string,
  { logRetentionDays = 30, kmsKeyArn, tags }: LogGroupSettings,
  opts: pulumi.CustomResourceOptions,
): cloudwatch.LogGroup {
  const namePrefix = `/aws/${service}/${name}-`;
  return new cloudwatch.LogGroup(
    name,
    { namePrefix, retentionInDays: logRetentionDays, kmsKeyId: kmsKeyArn, tags },
    { ...opts, ignoreChanges: ["namePrefix"] },
  );
}
