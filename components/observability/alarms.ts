import * as cloudwatch from "@pulumi/aws/cloudwatch";
import type * as pulumi from "@pulumi/pulumi";

/** What an alarm watches. */
export interface Metric {
  namespace: string;
  metric: string;
  dimensions: Record<string, pulumi.Input<string>>;
}

/** What sets one alarm apart from another. */
export interface AlarmSpec extends Metric {
  description: string;
  threshold: pulumi.Input<number>;
  /** Default: `Sum`. Percentiles, such as `p99`, are extended statistics. */
  statistic?: string;
  /** Five-minute periods in a row. Default: 1. */
  periods?: number;
  tags?: pulumi.Input<Record<string, pulumi.Input<string>>>;
}

const period = 300;

/**
 * Notifies SNS topics when a metric reaches a threshold, and when it no longer does. Missing data counts as good, as an
 * idle service has none.
 */
export function alarm(
  name: string,
  spec: AlarmSpec,
  topicArns: pulumi.Input<string>[],
  opts: pulumi.CustomResourceOptions,
): cloudwatch.MetricAlarm {
  const { statistic = "Sum" } = spec;
  const percentile = statistic.startsWith("p");
  return new cloudwatch.MetricAlarm(
    name,
    {
      alarmDescription: spec.description,
      namespace: spec.namespace,
      metricName: spec.metric,
      dimensions: spec.dimensions,
      threshold: spec.threshold,
      [percentile ? "extendedStatistic" : "statistic"]: statistic,
      ...whenReached(spec, topicArns),
      period,
    },
    opts,
  );
}

/** The same for the sum of a metric over several sets of dimensions: an alarm's expression allows up to ten. */
export function sumAlarm(
  name: string,
  spec: Omit<AlarmSpec, "dimensions" | "statistic"> & { dimensions: AlarmSpec["dimensions"][] },
  topicArns: pulumi.Input<string>[],
  opts: pulumi.CustomResourceOptions,
): cloudwatch.MetricAlarm {
  const metrics = spec.dimensions.map((dimensions, index) => ({
    id: `m${index}`,
    metric: { namespace: spec.namespace, metricName: spec.metric, dimensions, period, stat: "Sum" },
  }));
  return new cloudwatch.MetricAlarm(
    name,
    {
      alarmDescription: spec.description,
      metricQueries: [{ id: "total", expression: "SUM(METRICS())", label: spec.metric, returnData: true }, ...metrics],
      threshold: spec.threshold,
      ...whenReached(spec, topicArns),
    },
    opts,
  );
}

function whenReached({ periods = 1, tags }: Pick<AlarmSpec, "periods" | "tags">, topicArns: pulumi.Input<string>[]) {
  return {
    evaluationPeriods: periods,
    tags,
    comparisonOperator: "GreaterThanOrEqualToThreshold",
    treatMissingData: "notBreaching",
    alarmActions: topicArns,
    okActions: topicArns,
  };
}
