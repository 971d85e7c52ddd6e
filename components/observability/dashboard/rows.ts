import * as pulumi from "@pulumi/pulumi";
import type { WatchedArgs } from "./args";

/** A metric, and the statistics of it that a graph shows. */
type Shown = [metric: string, ...statistics: string[]];

/** The graphs of a kind of component, by their titles. */
type Graphs = Record<string, Shown[]>;

/** A kind of component. */
interface Kind {
  /** What it is called in titles. */
  noun: string;
  namespace: string;
  dimensions(watched: WatchedArgs): Record<string, pulumi.Input<string> | undefined>;
  graphs: Graphs;
  /** Whether metrics have further dimensions in some releases, so that they must be searched for. @default false */
  isSearched?: boolean;
}

/** A widget of a dashboard, apart from its place. @see {@link dashboardBody} */
interface Widget {
  type: "metric" | "text";
  properties: Record<string, unknown>;
}

const period = 300;
const columns = 24;
const height = 6;
const titleHeight = 2;

/**
 * The properties that say of which kind a component is, in the order in which they count: a job queue has a `queueName`
 * as well, and a WebSocket API an `apiId`.
 */
const kinds = {
  restApi: {
    noun: "API",
    namespace: "AWS/ApiGateway",
    dimensions: ({ restApi, stageName }) => ({ ApiName: restApi?.name, Stage: stageName }),
    graphs: {
      requests: [
        ["Count", "Sum"],
        ["4XXError", "Sum"],
        ["5XXError", "Sum"],
      ],
      ...latency(),
    },
  },
  managementUrl: {
    noun: "API",
    namespace: "AWS/ApiGateway",
    dimensions: ({ apiId, stageName }) => ({ ApiId: apiId, Stage: stageName }),
    graphs: {
      "connections and messages": [
        ["ConnectCount", "Sum"],
        ["MessageCount", "Sum"],
      ],
      errors: [
        ["ClientError", "Sum"],
        ["IntegrationError", "Sum"],
        ["ExecutionError", "Sum"],
      ],
      "latency (ms)": [["IntegrationLatency", "p50", "p99"]],
    },
  },
  apiId: {
    noun: "API",
    namespace: "AWS/ApiGateway",
    dimensions: ({ apiId, stageName }) => ({ ApiId: apiId, Stage: stageName }),
    graphs: {
      requests: [
        ["Count", "Sum"],
        ["4xx", "Sum"],
        ["5xx", "Sum"],
      ],
      ...latency(),
    },
  },
  functionName: {
    noun: "function",
    namespace: "AWS/Lambda",
    dimensions: ({ functionName }) => ({ FunctionName: functionName }),
    graphs: {
      calls: [
        ["Invocations", "Sum"],
        ["Errors", "Sum"],
        ["Throttles", "Sum"],
      ],
      "duration (ms)": [["Duration", "p50", "p99"]],
      concurrency: [["ConcurrentExecutions", "Maximum"]],
    },
  },
  tableName: {
    noun: "table",
    namespace: "AWS/DynamoDB",
    dimensions: ({ tableName }) => ({ TableName: tableName }),
    graphs: {
      "consumed capacity": [
        ["ConsumedReadCapacityUnits", "Sum"],
        ["ConsumedWriteCapacityUnits", "Sum"],
      ],
      "throttled requests": [
        ["ReadThrottleEvents", "Sum"],
        ["WriteThrottleEvents", "Sum"],
      ],
    },
  },
  streamName: {
    noun: "stream",
    namespace: "AWS/Kinesis",
    dimensions: ({ streamName }) => ({ StreamName: streamName }),
    graphs: {
      records: [["IncomingRecords", "Sum"]],
      "age of what is read (ms)": [["GetRecords.IteratorAgeMilliseconds", "Maximum"]],
      "refused requests": [
        ["WriteProvisionedThroughputExceeded", "Sum"],
        ["ReadProvisionedThroughputExceeded", "Sum"],
      ],
    },
  },
  jobDefinitionArns: {
    noun: "job queue",
    namespace: "AWS/Batch",
    dimensions: ({ queueName }) => ({ JobQueue: queueName }),
    graphs: {},
  },
  queueName: {
    noun: "queue",
    namespace: "AWS/SQS",
    dimensions: ({ queueName }) => ({ QueueName: queueName }),
    graphs: {
      messages: [
        ["NumberOfMessagesSent", "Sum"],
        ["NumberOfMessagesDeleted", "Sum"],
      ],
      "waiting messages": [["ApproximateNumberOfMessagesVisible", "Maximum"]],
      "age of the oldest message (s)": [["ApproximateAgeOfOldestMessage", "Maximum"]],
    },
  },
  topicArn: {
    noun: "topic",
    namespace: "AWS/SNS",
    dimensions: ({ topicArn }) => ({
      TopicName: pulumi.output(topicArn).apply((arn = "") => arn.split(":").at(-1) ?? ""),
    }),
    graphs: {
      messages: [["NumberOfMessagesPublished", "Sum"]],
      deliveries: [
        ["NumberOfNotificationsDelivered", "Sum"],
        ["NumberOfNotificationsFailed", "Sum"],
      ],
    },
  },
  clusterId: {
    noun: "cluster",
    namespace: "AWS/ElasticMapReduce",
    dimensions: ({ clusterId }) => ({ JobFlowId: clusterId }),
    graphs: {
      applications: [
        ["AppsRunning", "Maximum"],
        ["AppsPending", "Maximum"],
        ["AppsFailed", "Maximum"],
      ],
      nodes: [
        ["MRActiveNodes", "Maximum"],
        ["MRLostNodes", "Maximum"],
      ],
      "resources (%)": [
        ["YARNMemoryAvailablePercentage", "Average"],
        ["HDFSUtilization", "Maximum"],
      ],
    },
  },
  applicationId: {
    noun: "application",
    namespace: "AWS/EMRServerless",
    dimensions: ({ applicationId }) => ({ ApplicationId: applicationId }),
    graphs: {
      jobs: [
        ["RunningJobs", "Maximum"],
        ["ScheduledJobs", "Maximum"],
        ["FailedJobs", "Sum"],
      ],
      "allocated vCPUs": [["CPUAllocated", "Maximum"]],
      "allocated memory (GB)": [["MemoryAllocated", "Maximum"]],
    },
    isSearched: true,
  },
  groupName: {
    noun: "group",
    namespace: "AWS/EC2",
    dimensions: ({ groupName }) => ({ AutoScalingGroupName: groupName }),
    graphs: {
      "processor (%)": [["CPUUtilization", "Average", "Maximum"]],
      "failed status checks": [["StatusCheckFailed", "Maximum"]],
    },
  },
} satisfies Partial<Record<keyof WatchedArgs, Kind>>;

/** The properties of which a component has at least one. */
export const identifying = Object.keys(kinds) as (keyof typeof kinds)[];

/** The kind of a component, by the property that it is recognized by; undefined if it has none. */
export function kindOf(watched: WatchedArgs): keyof typeof kinds | undefined {
  return identifying.find((key) => (watched[key] ?? undefined) !== undefined);
}

/**
 * The body of a dashboard: a title, and a row for each component.
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/CloudWatch-Dashboard-Body-Structure.html
 */
export function dashboardBody(title: string, watch: WatchedArgs[], region: pulumi.Input<string>): object {
  const heading = { type: "text", x: 0, y: 0, width: columns, height: titleHeight, properties: { markdown: title } };
  const rows = watch.flatMap((watched, index) => {
    const widgets = rowOf(watched, region);
    const width = columns / widgets.length;
    const y = titleHeight + index * height;
    return widgets.map((widget, column) => ({ ...widget, x: column * width, y, width, height }));
  });
  return { widgets: [heading, ...rows] };
}

function rowOf(watched: WatchedArgs, region: pulumi.Input<string>): Widget[] {
  const key = kindOf(watched);
  if (key === undefined) return [];
  const kind: Kind = kinds[key];
  const dimensions = Object.entries(kind.dimensions(watched));
  const [[, name] = []] = dimensions;
  if (key === "jobDefinitionArns") {
    const markdown = pulumi.interpolate`**job queue ${name}**: AWS Batch has no metrics of jobs. With \`alarmTopicArns\`, failed and blocked jobs are notices.`;
    return [{ type: "text", properties: { markdown } }];
  }
  return Object.entries(kind.graphs).map(([graph, shown]) => {
    const metrics = shown.flatMap(([metric, ...statistics]) =>
      statistics.map((stat) => {
        const label = statistics.length > 1 ? `${metric} ${stat}` : metric;
        if (kind.isSearched) return [{ expression: searched(kind.namespace, metric, stat, dimensions), label }];
        return [kind.namespace, metric, ...dimensions.flat(), { stat, label }];
      }),
    );
    const title = pulumi.interpolate`${kind.noun} ${name}: ${graph}`;
    return { type: "metric", properties: { title, view: "timeSeries", stacked: false, region, period, metrics } };
  });
}

/** @see "Use search expressions in graphs", "CloudWatch search expression syntax" */
function searched(
  namespace: string,
  metric: string,
  statistic: string,
  dimensions: [string, pulumi.Input<string> | undefined][],
): pulumi.Output<string> {
  const terms = dimensions.map(([name, value]) => pulumi.interpolate`${name}="${value}"`);
  return pulumi.all(terms).apply((known) => {
    const query = [`Namespace="${namespace}"`, `MetricName="${metric}"`, ...known].join(" ");
    return `SEARCH('${query}', '${statistic}', ${period})`;
  });
}

function latency(): Graphs {
  return {
    "latency (ms)": [
      ["Latency", "p50", "p99"],
      ["IntegrationLatency", "p99"],
    ],
  };
}
