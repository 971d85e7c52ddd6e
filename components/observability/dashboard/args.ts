import type * as pulumi from "@pulumi/pulumi";

/** A resource with a name, such as an `aws.cloudwatch.LogGroup`. @open */
export interface NamedArgs {
  /** Its name. */
  name: pulumi.Input<string>;
}

/**
 * What a row of a {@link Dashboard} shows: a component of this library, or the outputs of one that identify it, as
 * listed here. An API also needs its `stageName`. @open
 */
export interface WatchedArgs {
  /** The REST API, as of a ServerlessApi; CloudWatch knows it by its name. */
  restApi?: NamedArgs;
  /** The id of an HTTP API, as of an HttpApi; with `managementUrl`, of a WebSocket API. */
  apiId?: pulumi.Input<string>;
  /** The URL to send to the connections of a WebSocketApi. */
  managementUrl?: pulumi.Input<string>;
  /** The stage of the API. */
  stageName?: pulumi.Input<string>;
  /** The function's name, as of a LambdaFunction, an EtlPipeline or an InstanceSchedule. */
  functionName?: pulumi.Input<string>;
  /** The table's name, as of an ItemsTable. */
  tableName?: pulumi.Input<string>;
  /** The name of the Kinesis stream, as of an EventStream. */
  streamName?: pulumi.Input<string>;
  /** The name of the SQS queue, as of a Queue; with `jobDefinitionArns`, of a job queue. */
  queueName?: pulumi.Input<string>;
  /** The job definitions of a GravitonBatch. */
  jobDefinitionArns?: pulumi.Input<Record<string, pulumi.Input<string>>>;
  /** The topic's ARN, as of a Topic. */
  topicArn?: pulumi.Input<string>;
  /** The cluster's id, as of an EmrCluster. */
  clusterId?: pulumi.Input<string>;
  /** The application's id, as of an EmrServerless. */
  applicationId?: pulumi.Input<string>;
  /** The name of the Auto Scaling group, as of a WorkerFleet with a `group`. */
  groupName?: pulumi.Input<string>;
  /** The logs of a function, or the access logs of an API, for the saved queries. @default none */
  logGroup?: NamedArgs;
}

/** Arguments of {@link Dashboard}. */
export interface DashboardArgs {
  /**
   * The 1 to 166 components that it shows, a row for each, in this order. CloudWatch allows 500 widgets, and a row takes
   * up to three.
   * @minItems 1 @maxItems 166
   */
  watch: WatchedArgs[];
  /**
   * Further queries of the functions' logs to save, in the language of CloudWatch Logs Insights, by their names.
   * @default none
   */
  queries?: Record<string, string>;
}
