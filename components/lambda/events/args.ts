import type { BucketEventArgs } from "./bucket";
import type { CognitoEventArgs } from "./cognito";
import type { IotEventArgs } from "./iot";
import type { KafkaEventArgs } from "./kafkaArgs";
import type { LoadBalancerEventArgs } from "./loadBalancer";
import type { LogsEventArgs } from "./logs";
import type { MqEventArgs } from "./mq";
import type { QueueEventArgs } from "./queue";
import type { RuleEventArgs } from "./rule";
import type { ScheduleEventArgs } from "./schedule";
import type { StreamEventArgs } from "./stream";
import type { TopicEventArgs } from "./topic";

/**
 * What calls a function. Give exactly one of the properties.
 *
 * Events that a function finally fails on, and those that cannot be delivered to it, are kept in a dead letter queue of
 * the function's own, unless `deadLetterArn` or the function's `onFailure` says otherwise.
 */
export interface FunctionEventArgs {
  /** The records of a Kinesis stream, or the changes of a DynamoDB table. */
  stream?: StreamEventArgs;
  /** The messages of an SQS queue. */
  queue?: QueueEventArgs;
  /** The messages of an SNS topic. */
  topic?: TopicEventArgs;
  /** What happens to the objects of an S3 bucket. */
  bucket?: BucketEventArgs;
  /** Events of an EventBridge bus. */
  rule?: RuleEventArgs;
  /** Times. */
  schedule?: ScheduleEventArgs;
  /** The lines of a log group. */
  logs?: LogsEventArgs;
  /** The triggers of a Cognito user pool. */
  cognito?: CognitoEventArgs;
  /** MQTT messages of AWS IoT Core. */
  iot?: IotEventArgs;
  /** The records of a Kafka topic. */
  kafka?: KafkaEventArgs;
  /** The messages of a queue of Amazon MQ. */
  mq?: MqEventArgs;
  /** Requests to an Application Load Balancer. */
  loadBalancer?: LoadBalancerEventArgs;
}
