export { type AccessArgs, type FunctionAccess, policyDocument, type Statement } from "./access";

import * as accessTo from "./accessTo";

export * from "./api/args";
export { HttpApi } from "./api/httpApi";
export * from "./api/httpArgs";
export { ServerlessApi } from "./api/serverlessApi";
export type { WebSocketAccessLevel, WebSocketAccessOptions } from "./api/webSocket/access";
export * from "./api/webSocket/args";
export { WebSocketApi } from "./api/webSocket/webSocketApi";
export type { BatchAccessLevel, BatchAccessOptions } from "./batch/access";
export * from "./batch/args";
export { GravitonBatch } from "./batch/gravitonBatch";
export type { JobImageArgs } from "./batch/image/args";
export { JobImage } from "./batch/image/jobImage";
export * from "./batch/jobArgs";
export * from "./batch/submission/args";
export { JobSubmission } from "./batch/submission/jobSubmission";
export * from "./batch/trigger/args";
export { JobTrigger } from "./batch/trigger/jobTrigger";
export type { DataBucketAccessLevel, DataBucketAccessOptions } from "./data/access";
export * from "./data/args";
export { DataBucket } from "./data/dataBucket";
export { DataLake } from "./data/dataLake";
export type { EmrAccessLevel, EmrAccessOptions } from "./emr/cluster/access";
export * from "./emr/cluster/args";
export * from "./emr/cluster/capacityArgs";
export { EmrCluster } from "./emr/cluster/emrCluster";
export * from "./emr/cluster/securityArgs";
export * from "./emr/cluster/stepArgs";
export type { EmrServerlessAccessLevel, EmrServerlessAccessOptions } from "./emr/serverless/access";
export * from "./emr/serverless/args";
export { EmrServerless } from "./emr/serverless/emrServerless";
export * from "./etl/args";
export { EtlPipeline, type EtlPipelineAccessLevel } from "./etl/etlPipeline";
export * from "./eventbridge/args";
export { Workload } from "./graviton/workload";
export type { InstanceAccessLevel } from "./instances/access";
export * from "./instances/args";
export { type FleetGroupArgs, HealthCheck, type WorkerFleetArgs } from "./instances/fleet/args";
export { WorkerFleet } from "./instances/fleet/workerFleet";
export { InstanceSchedule } from "./instances/instanceSchedule";
export { EncryptionKey, type EncryptionKeyArgs } from "./kms/encryptionKey";
export { KeyService } from "./kms/services";
export type { FunctionAccessLevel, FunctionAccessOptions } from "./lambda/access";
export * from "./lambda/args";
export * from "./lambda/events/args";
export type { BrokerSecretArgs, BrokerVpcArgs } from "./lambda/events/broker";
export { type BucketEventArgs, ObjectEvent } from "./lambda/events/bucket";
export type { CognitoEventArgs } from "./lambda/events/cognito";
export type { IotEventArgs } from "./lambda/events/iot";
export {
  type KafkaAuthenticationArgs,
  KafkaAuthenticationKind,
  type KafkaEventArgs,
  type KafkaPollersArgs,
} from "./lambda/events/kafkaArgs";
export type { LoadBalancerEventArgs } from "./lambda/events/loadBalancer";
export type { LogsEventArgs } from "./lambda/events/logs";
export type { BatchMappingArgs, MappingArgs } from "./lambda/events/mapping";
export type { MqEventArgs } from "./lambda/events/mq";
export type { QueueEventArgs, QueuePollersArgs } from "./lambda/events/queue";
export { type RecordEventArgs, StartingPosition } from "./lambda/events/records";
export type { DeliveryArgs, InputTransformerArgs, Json, RuleEventArgs } from "./lambda/events/rule";
export type { ScheduleEventArgs } from "./lambda/events/schedule";
export type { DeadLetterArgs } from "./lambda/events/source";
export type { StreamEventArgs } from "./lambda/events/stream";
export { type FilterPolicy, FilterPolicyScope, type TopicEventArgs } from "./lambda/events/topic";
export { LambdaFunction } from "./lambda/lambdaFunction";
export * from "./lambda/modeArgs";
export * from "./lambda/urlArgs";
export * from "./messaging/queue/args";
export { Queue, type QueueAccessLevel, type QueueAccessOptions } from "./messaging/queue/queue";
export type { SenderArgs } from "./messaging/senders";
export * from "./messaging/stream/args";
export {
  EventStream,
  type EventStreamAccessLevel,
  type EventStreamAccessOptions,
} from "./messaging/stream/eventStream";
export * from "./messaging/topic/args";
export { Topic, type TopicAccessLevel, type TopicAccessOptions } from "./messaging/topic/topic";
export * from "./network/args";
export { Network } from "./network/network";
export { AlarmTopic, type AlarmTopicArgs } from "./observability/alarmTopic";
export * from "./observability/dashboard/args";
export { Dashboard } from "./observability/dashboard/dashboard";
export type { TableAccessLevel, TableAccessOptions } from "./table/access";
export * from "./table/args";
export { ItemsTable } from "./table/itemsTable";
export { accessTo };
