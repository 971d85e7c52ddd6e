import { type Limit, own, quota, syntax } from "./limit";

const mapping = "lambda CreateEventSourceMappingRequest";
const endless = "-1, without end, is what the component refuses";

/** The limits of what calls functions. */
export const eventLimits: Record<string, Limit> = {
  "*.filters": { because: "Lambda quotas: 5 filters, up to 10 on request" },
  "*.retries": { model: "scheduler RetryPolicy.MaximumRetryAttempts" },
  "*.maximumAge": { model: "scheduler RetryPolicy.MaximumEventAgeInSeconds" },
  "*.flexibleMinutes": { model: "scheduler FlexibleTimeWindow.MaximumWindowInMinutes" },
  BucketEvents: { because: own },
  "BucketEventArgs.objectEvents": { because: "an empty list would match nothing" },
  FilterPolicyScope: { because: "Amazon SNS API, Subscribe, FilterPolicyScope" },
  "BrokerVpcArgs.subnetIds": { because: "as of a function's own network" },
  "BrokerVpcArgs.securityGroupIds": { because: "as of a function's own network" },
  "IotEventArgs.sqlVersion": { because: syntax },
  KafkaAuthenticationKind: {
    model: "lambda SourceAccessConfiguration.Type",
    because: "networks, hosts and certificates are arguments of their own; OAuth is missing",
  },
  "KafkaEventArgs.alarmLag": { because: "our own; a billion is more than a backlog that somebody waits for" },
  "KafkaEventArgs.bootstrapServers": { because: "an empty list would name no broker" },
  "KafkaEventArgs.consumerGroupId": { model: "lambda SelfManagedKafkaEventSourceConfig.ConsumerGroupId" },
  "KafkaEventArgs.maximumAge": { model: `${mapping}.MaximumRecordAgeInSeconds`, because: endless },
  "KafkaEventArgs.retries": { model: `${mapping}.MaximumRetryAttempts`, because: endless },
  "KafkaEventArgs.topic": { model: "lambda Topics.[]" },
  "KafkaPollersArgs.group": {
    model: "lambda ProvisionedPollerConfig.PollerGroupName",
    because: "an empty name would mean none",
  },
  "KafkaPollersArgs.minimum": { model: "lambda ProvisionedPollerConfig.MinimumPollers" },
  "KafkaPollersArgs.maximum": {
    model: "lambda ProvisionedPollerConfig.MaximumPollers",
    says: "between 1 and 2,000",
  },
  "LoadBalancerEventArgs.*": { because: "Elastic Load Balancing quotas: 5 condition values per rule" },
  "LoadBalancerEventArgs.priority": { model: "elbv2 CreateRuleInput.Priority" },
  "LogsEventArgs.filterPattern": {
    model: "logs PutSubscriptionFilterRequest.filterPattern",
    because: "an empty pattern is left out",
  },
  "MqEventArgs.queue": { model: "lambda Queues.[]", because: "the length is checked apart from the text" },
  "MqEventArgs.virtualHost": {
    model: "lambda SourceAccessConfiguration.URI",
    because: "the model takes what all kinds of sources need",
  },
  "*.startingTimestamp": { because: syntax },
  "InputTransformerArgs.paths": { model: "events InputTransformer.InputPathsMap" },
  "InputTransformerArgs.template": { model: "events InputTransformer.InputTemplate" },
  ObjectEvent: { because: "Amazon S3 User Guide, Using EventBridge: event types" },
  "*.batchSize": { model: `${mapping}.BatchSize` },
  "*.batchWindow": { model: `${mapping}.MaximumBatchingWindowInSeconds` },
  "QueueEventArgs.maximumConcurrency": { model: "lambda ScalingConfig.MaximumConcurrency" },
  "QueuePollersArgs.minimum": {
    model: "lambda ProvisionedPollerConfig.MinimumPollers",
    because: "the model's text: at least 2 for a queue",
  },
  "QueuePollersArgs.maximum": {
    model: "lambda ProvisionedPollerConfig.MaximumPollers",
    says: "between 2 and 10,000",
  },
  "RuleEventArgs.inputPath": { model: "events Target.InputPath" },
  StartingPosition: { model: `${mapping}.StartingPosition` },
  "StreamEventArgs.alarmLag": { because: "our own; a record is at most a week old" },
  "StreamEventArgs.parallelization": { model: `${mapping}.ParallelizationFactor` },
  "StreamEventArgs.tumblingWindow": { model: `${mapping}.TumblingWindowInSeconds` },
  "StreamEventArgs.retries": { model: `${mapping}.MaximumRetryAttempts`, because: endless },
  "StreamEventArgs.maximumAge": { model: `${mapping}.MaximumRecordAgeInSeconds`, because: endless },
  "EventStreamArgs.alarmLag": { because: "our own; a record is at most a year old" },
  "EventStreamArgs.consumers": { because: "Kinesis quotas: 20 consumers" },
  "EventStreamArgs.consumers[]": {
    model: "kinesis RegisterStreamConsumerInput.ConsumerName",
    because: "the component checks the length, with the stream's name and Pulumi's suffix",
  },
  "EventStreamArgs.maximumRecordSize": { model: "kinesis CreateStreamInput.MaxRecordSizeInKiB" },
  "EventStreamArgs.retentionHours": { because: "Kinesis quotas: 24 to 8,760 hours" },
  "EventStreamArgs.shards": { model: "kinesis CreateStreamInput.ShardCount", because: quota },
  "QueueArgs.alarmAge": { because: "our own; SQS keeps messages for 14 days at most" },
  "QueueArgs.*": { because: "Amazon SQS API, CreateQueue: the text of Attributes" },
  "*.visibilityTimeout": { because: "Amazon SQS API, CreateQueue, VisibilityTimeout: 0 to 43,200 seconds" },
};
