import type { types } from "@pulumi/aws";
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
  { dimensions, ...spec }: Omit<AlarmSpec, "dimensions" | "statistic"> & { dimensions: AlarmSpec["dimensions"][] },
  topicArns: pulumi.Input<string>[],
  opts: pulumi.CustomResourceOptions,
): cloudwatch.MetricAlarm {
  const metrics = dimensions.map((each, index) => summed(`m${index}`, spec.namespace, spec.metric, each));
  const queries = [{ id: "total", expression: "SUM(METRICS())", label: spec.metric, returnData: true }, ...metrics];
  return expressionAlarm(name, spec, queries, topicArns, opts);
}

/**
 * The same for the percentage that a metric is of another, in periods with a least number of these. Without that, a
 * single event in a quiet period would be all of it.
 */
export function shareAlarm(
  name: string,
  { of, least, ...spec }: Omit<AlarmSpec, "statistic"> & { of: string; least: number },
  topicArns: pulumi.Input<string>[],
  opts: pulumi.CustomResourceOptions,
): cloudwatch.MetricAlarm {
  const expression = `IF(whole >= ${least}, 100 * part / whole, 0)`;
  const queries = [
    { id: "share", expression, label: `${spec.metric} (%)`, returnData: true },
    summed("part", spec.namespace, spec.metric, spec.dimensions),
    summed("whole", spec.namespace, of, spec.dimensions),
  ];
  return expressionAlarm(name, spec, queries, topicArns, opts);
}

type MetricQuery = types.input.cloudwatch.MetricAlarmMetricQuery;

function summed(id: string, namespace: string, metricName: string, dimensions: AlarmSpec["dimensions"]): MetricQuery {
  return { id, metric: { namespace, metricName, dimensions, period, stat: "Sum" } };
}

function expressionAlarm(
  name: string,
  spec: Pick<AlarmSpec, "description" | "threshold" | "periods" | "tags">,
  metricQueries: MetricQuery[],
  topicArns: pulumi.Input<string>[],
  opts: pulumi.CustomResourceOptions,
): cloudwatch.MetricAlarm {
  const { description: alarmDescription, threshold } = spec;
  const args = { alarmDescription, metricQueries, threshold, ...whenReached(spec, topicArns) };
  return new cloudwatch.MetricAlarm(name, args, opts);
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
