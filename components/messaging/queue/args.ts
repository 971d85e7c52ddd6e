import type * as sqs from "@pulumi/aws/sqs";
import type * as pulumi from "@pulumi/pulumi";
import type { KmsKeyArn } from "../../kms/keyArn";
import type { SenderArgs } from "../senders";

/** Arguments of {@link Queue}. */
export interface QueueArgs {
  /** Keep the order of the messages of each group, and deliver each message once. It cannot be changed. @default false */
  fifo?: boolean;
  /** Take two messages with the same body within five minutes for one; with `fifo` only. @default false */
  contentBasedDeduplication?: boolean;
  /**
   * Count duplicates by group, which lets a FIFO queue take thousands of messages a second; with `fifo` only.
   * @default false
   */
  highThroughput?: boolean;
  /**
   * Seconds for which a message that has been received is hidden from others, 0–43,200: at least the consumer's timeout;
   * AWS recommends six times a function's. @minimum 0 @maximum 43200 @unit seconds @default 60
   */
  visibilityTimeout?: number;
  /** Seconds that messages are kept, 60–1,209,600. @minimum 60 @maximum 1209600 @unit seconds @default 345600 */
  retention?: number;
  /** Seconds for which new messages are hidden, 0–900. @minimum 0 @maximum 900 @unit seconds @default 0 */
  delay?: number;
  /** The largest message in bytes, 1,024–1,048,576. @minimum 1024 @maximum 1048576 @unit bytes @default 1048576 */
  maximumMessageSize?: number;
  /** How often a message is received before it is a dead letter, 1–1,000. @minimum 1 @maximum 1000 @unit times @default 5 */
  maximumReceives?: number;
  /** ARN of the queue for dead letters, of the same kind. @default a new one, which keeps them for two weeks */
  deadLetterArn?: pulumi.Input<string>;
  /**
   * AWS services that may send, such as a topic's or a rule's; also to the new dead letter queue, what they cannot
   * deliver. @default none: roles with `access("send")` may
   */
  senders?: SenderArgs[];
  /**
   * Customer key for the messages. Its policy must let the `senders` use it, as an EncryptionKey's does for rules with
   * the `services` "events". @default SQS's own key
   */
  kmsKeyArn?: pulumi.Input<KmsKeyArn>;
  /** SNS topics notified of dead letters and of messages that wait for too long; an empty list is the same as none. @default none */
  alarmTopicArns?: pulumi.Input<string>[];
  /**
   * Seconds, 60–1,209,600, that the oldest message may wait before `alarmTopicArns` are notified. @minimum 60
   * @maximum 1209600 @unit seconds @default 900
   */
  alarmAge?: number;
  /** Tags of every resource that supports them. @default none */
  tags?: pulumi.Input<Record<string, pulumi.Input<string>>>;
  /** Further arguments of the queue itself; they override this component's, except what it wires up. @default none */
  queueArgs?: Partial<sqs.QueueArgs>;
}
