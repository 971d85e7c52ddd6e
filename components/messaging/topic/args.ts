import type * as sns from "@pulumi/aws/sns";
import type * as pulumi from "@pulumi/pulumi";
import type { KmsKeyArn } from "../../kms/keyArn";
import type { SenderArgs } from "../senders";

/** Arguments of {@link Topic}. */
export interface TopicArgs {
  /** Keep the order of the messages of each group; its subscribers are queues. It cannot be changed. @default false */
  fifo?: boolean;
  /** Take two messages with the same body within five minutes for one; with `fifo` only. @default false */
  contentBasedDeduplication?: boolean;
  /**
   * AWS services that may publish, such as a rule's or a bucket's; they need a `kmsKeyArn`.
   * @default none: roles with `access("publish")` may
   */
  publishers?: SenderArgs[];
  /**
   * Customer key for the messages. Its policy must let the `publishers` use it, as an EncryptionKey's does for rules and
   * alarms with the `services` "events" and "cloudwatch". @default SNS's own key
   */
  kmsKeyArn?: pulumi.Input<KmsKeyArn>;
  /** SNS topics notified of messages that could not be delivered; an empty list is the same as none. @default none */
  alarmTopicArns?: pulumi.Input<string>[];
  /** Tags of every resource that supports them. @default none */
  tags?: pulumi.Input<Record<string, pulumi.Input<string>>>;
  /** Further arguments of the topic itself; they override this component's, except what it wires up. @default none */
  topicArgs?: Partial<sns.TopicArgs>;
}
