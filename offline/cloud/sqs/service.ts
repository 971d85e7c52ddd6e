import { regionOf } from "../core/arns";
import type { OperationCall, Run } from "../core/declaration";
import { defineService } from "../core/defineService";
import type { BatchEntry } from "./batch";
import { missingParameter } from "./errors";
import {
  type Creation,
  createQueue,
  getAttributes,
  listQueues,
  purge,
  setAttributes,
  tag,
  untag,
  urlOf,
} from "./manage";
import type { MoveInput } from "./moves";
import { type Permission, withoutPermission, withPermission } from "./permissions";
import type { Queue } from "./queue";
import type { Queues } from "./queues";
import {
  changeVisibilities,
  changeVisibility,
  deleteMessage,
  deleteMessages,
  type Receipt,
  type Receiving,
  receiveMessages,
  type Visibility,
} from "./receive";
import { type Sending, sendMessage, sendMessages } from "./send";

type Page = { MaxResults?: number };
type Batch<Entry> = { Entries: (Entry & BatchEntry)[] };

/**
 * SQS, with the program's queues. Policies of queues are kept, but not evaluated.
 * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/Welcome.html
 */
export const sqs = defineService<Queues>(
  "sqs",
  {
    AddPermission: on((queue, permission: Permission, _, queues) =>
      setAttributes(queue, { Policy: withPermission(queue, permission) }, queues),
    ),
    RemovePermission: on((queue, { Label }: Permission, _, queues) =>
      setAttributes(queue, { Policy: withoutPermission(queue, Label) }, queues),
    ),
    CreateQueue: (queues, creation: Creation, call) => createQueue(queues, creation, call),
    DeleteQueue: on((queue, _, __, queues) => queues.delete(queue)),
    GetQueueUrl: (queues, { QueueName }: { QueueName: string }, call) => ({
      QueueUrl: urlOf(queues.find(QueueName, call), call),
    }),
    ListQueues: (queues, { QueueNamePrefix = "", MaxResults }: Page & { QueueNamePrefix?: string }, call) => {
      const inRegion = queues.all.filter(({ arn }) => regionOf(arn) === call.scope.region);
      return listQueues(
        inRegion.filter(({ name }) => name.startsWith(QueueNamePrefix)),
        MaxResults,
        call,
      );
    },
    ListDeadLetterSourceQueues: on((queue, { MaxResults }: Page, call, queues) =>
      listQueues(queues.sourcesOf(queue.arn), MaxResults, call),
    ),
    GetQueueAttributes: on((queue, { AttributeNames = [] }: { AttributeNames?: string[] }) =>
      getAttributes(queue, AttributeNames),
    ),
    SetQueueAttributes: on((queue, { Attributes }: { Attributes: Record<string, string> }, _, queues) =>
      setAttributes(queue, Attributes, queues),
    ),
    PurgeQueue: on(purge),
    ListQueueTags: on(({ tags }) => (Object.keys(tags).length > 0 ? { Tags: tags } : {})),
    TagQueue: on((queue, { Tags }: { Tags: Record<string, string> }, _, queues) => tag(queue, Tags, queues)),
    UntagQueue: on((queue, { TagKeys }: { TagKeys: string[] }, _, queues) => untag(queue, TagKeys, queues)),
    SendMessage: on((queue, sending: Sending, call) => sendMessage(queue, sending, call)),
    SendMessageBatch: on((queue, { Entries }: Batch<Sending>, call) => sendMessages(queue, Entries, call)),
    ReceiveMessage: on((queue, receiving: Receiving, call) => receiveMessages(queue, receiving, call)),
    DeleteMessage: on((queue, receipt: Receipt) => deleteMessage(queue, receipt)),
    DeleteMessageBatch: on((queue, { Entries }: Batch<Receipt>) => deleteMessages(queue, Entries)),
    ChangeMessageVisibility: on((queue, visibility: Visibility) => changeVisibility(queue, visibility)),
    ChangeMessageVisibilityBatch: on((queue, { Entries }: Batch<Visibility>) => changeVisibilities(queue, Entries)),
    StartMessageMoveTask: ({ moves }, input: MoveInput) => moves.start(input),
    ListMessageMoveTasks: ({ moves }, input: MoveInput & Page) => moves.list(input),
    CancelMessageMoveTask: ({ moves }, { TaskHandle }: { TaskHandle: string }) => moves.cancel(TaskHandle),
  },
  { missing: missingParameter },
);

/** An operation on the queue whose URL is given. */
function on<Input>(run: (queue: Queue, input: Input, call: OperationCall, queues: Queues) => unknown): Run<Queues> {
  return (queues, input, call) => run(queues.find(String(input.QueueUrl), call), input as Input, call, queues);
}
