import type * as autoscaling from "@pulumi/aws/autoscaling";
import type * as ec2 from "@pulumi/aws/ec2";
import type * as pulumi from "@pulumi/pulumi";
import { alarm } from "../../observability/alarms";
import { createNotices } from "../../observability/notices";
import type { WorkerFleetArgs } from "./args";

/**
 * Notifies topics of launches that failed, which have no metric.
 * @see https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-event-reference.html
 */
export function createGroupNotices(
  name: string,
  group: autoscaling.Group,
  { alarmTopicArns = [], tags }: WorkerFleetArgs,
  opts: pulumi.CustomResourceOptions,
): void {
  const launch = {
    description: "Instances that could not be launched",
    source: "aws.autoscaling",
    detailType: "EC2 Instance Launch Unsuccessful",
    detail: { AutoScalingGroupName: [group.name] },
    inputPaths: { group: "$.detail.AutoScalingGroupName", reason: "$.detail.StatusMessage" },
    text: "<group> could not launch an instance: <reason>",
  };
  createNotices(name, { launch }, alarmTopicArns, tags, opts);
}

/** Notifies topics of machines without a group that fail EC2's status checks. Stopped ones are not checked. */
export function createInstanceAlarms(
  instances: ec2.Instance[],
  name: string,
  { alarmTopicArns = [], tags }: WorkerFleetArgs,
  opts: pulumi.CustomResourceOptions,
): void {
  if (alarmTopicArns.length === 0) return;
  for (const [index, { id }] of instances.entries()) {
    const spec = {
      namespace: "AWS/EC2",
      metric: "StatusCheckFailed",
      dimensions: { InstanceId: id },
      description: `${name}-${index} fails EC2's status checks`,
      threshold: 1,
      statistic: "Maximum",
      periods: 2,
      tags,
    };
    alarm(`${name}-${index}-unhealthy`, spec, alarmTopicArns, opts);
  }
}
