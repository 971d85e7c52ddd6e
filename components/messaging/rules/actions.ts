/**
 * SQS actions of each access level, on a queue. Batches need no more than single messages do.
 * @see SAM policy templates SQSSendMessagePolicy and SQSPollerPolicy
 */
export const queueActions = {
  send: ["SendMessage", "GetQueueUrl", "GetQueueAttributes"].map(sqs),
  consume: ["ReceiveMessage", "DeleteMessage", "ChangeMessageVisibility", "GetQueueUrl", "GetQueueAttributes"].map(sqs),
};

/** Moving dead letters back: what it takes on the dead letter queue. @see Amazon SQS Developer Guide, "Redrive" */
export const redriveActions = [
  ...["StartMessageMoveTask", "CancelMessageMoveTask", "ListMessageMoveTasks"],
  ...["ReceiveMessage", "DeleteMessage", "GetQueueAttributes"],
].map(sqs);

/** @see SAM policy template SNSPublishMessagePolicy */
export const publishActions = ["sns:Publish"];

/** Kinesis actions of each access level. @see SAM policy templates KinesisCrudPolicy and KinesisStreamReadPolicy */
export const eventStreamActions = {
  write: ["PutRecord", "PutRecords", "DescribeStreamSummary", "ListShards"].map(kinesis),
  read: ["DescribeStream", "DescribeStreamSummary", "GetRecords", "GetShardIterator", "ListShards"].map(kinesis),
};

/** What a consumer with enhanced fan-out may do. */
export const consumerActions = ["SubscribeToShard", "DescribeStreamConsumer"].map(kinesis);

/** The use of a customer key that services demand of those who write, and of those who read. */
export const keyActions = { write: ["kms:GenerateDataKey", "kms:Decrypt"], read: ["kms:Decrypt"] };

function sqs(action: string): string {
  return `sqs:${action}`;
}

function kinesis(action: string): string {
  return `kinesis:${action}`;
}
