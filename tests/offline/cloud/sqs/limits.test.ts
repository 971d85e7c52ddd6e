import { bodies, type Caller, INVALID, RECORDED, type SqsFact, sent, testSqsFacts } from "../../../helpers/offline/sqs";

const text = (length: number) => "a".repeat(length);
const entries = (count: number, more: object) => Array.from({ length: count }, (_, Id) => ({ Id: `${Id}`, ...more }));
const BATCH_ID =
  "AWS.SimpleQueueService.InvalidBatchEntryId: A batch entry id can only contain alphanumeric characters, hyphens and underscores. It can be at most 80 letters long.";
const TOO_MANY =
  "AWS.SimpleQueueService.TooManyEntriesInBatchRequest: Maximum number of entries per request are 10. You have sent 20.";
const GROUP_RULE = "MessageGroupId can only include alphanumeric and punctuation characters. 1 to 128 in length.";
const DEDUPLICATION_RULE =
  "MessageDeduplicationId can only include alphanumeric and punctuation characters. 1 to 128 in length.";

const limits: SqsFact[] = [
  {
    fact: "ReceiveMessage refuses more than 10 messages",
    run: async ({ make, refusal }) => refusal("ReceiveMessage", { QueueUrl: await make(), MaxNumberOfMessages: 11 }),
    is: `${INVALID}Value 11 for parameter MaxNumberOfMessages is invalid. Reason: Must be between 1 and 10, if provided.`,
  },
  ...[21, -1].map((seconds) => ({
    fact: `ReceiveMessage refuses to wait for ${seconds} seconds`,
    run: async ({ make, refusal }: Caller) =>
      refusal("ReceiveMessage", { QueueUrl: await make(), WaitTimeSeconds: seconds }),
    is: `${INVALID}Value ${seconds} for parameter WaitTimeSeconds is invalid. Reason: Must be >= 0 and <= 20, if provided.`,
  })),
  {
    fact: "a message has 1 MiB at most",
    run: async ({ make, refusal }) => refusal("SendMessage", { QueueUrl: await make(), MessageBody: text(1_048_577) }),
    is: `${INVALID}One or more parameters are invalid. Reason: Message must be shorter than 1048576 bytes.`,
  },
  {
    fact: "a message has no more bytes than its queue allows",
    run: async ({ make, refusal }) =>
      refusal("SendMessage", { QueueUrl: await make({ MaximumMessageSize: "1024" }), MessageBody: text(1025) }),
    is: `${INVALID}One or more parameters are invalid. Reason: Message must be shorter than 1024 bytes.`,
  },
  {
    fact: "the messages of a batch have 1 MiB together at most, with their attributes",
    run: async ({ make, refusal }) => {
      const MessageAttributes = { k: { DataType: "String", StringValue: "x" } };
      const Entries = [
        { Id: "1", MessageBody: text(1_048_576 - 8), MessageAttributes },
        { Id: "2", MessageBody: "a" },
      ];
      return refusal("SendMessageBatch", { QueueUrl: await make(), Entries });
    },
    is: "AWS.SimpleQueueService.BatchRequestTooLong: Batch requests cannot be longer than 1048576 bytes. You have sent 1048577 bytes.",
  },
  {
    fact: "of a batch, the messages that are too large for the queue fail alone",
    run: async ({ make, call }) => {
      const Entries = [
        { Id: "good", MessageBody: text(1024) },
        { Id: "bad", MessageBody: text(1025) },
      ];
      const QueueUrl = await make({ MaximumMessageSize: "1024" });
      const { Successful, Failed } = await call("SendMessageBatch", { QueueUrl, Entries });
      return [
        Successful.map((one: { Id: string; MD5OfMessageBody: string }) => [one.Id, one.MD5OfMessageBody]),
        Failed,
      ];
    },
    is: [
      [["good", "c9a34cfc85d982698c6ac89f76071abd"]],
      [
        {
          Code: "InvalidParameterValue",
          Id: "bad",
          Message: "One or more parameters cannot be validated. Reason: Message must be shorter than 1024 bytes.",
          SenderFault: true,
        },
      ],
    ],
  },
  {
    fact: "a batch answers with the digests of bodies and attributes, and without Failed if nothing has",
    run: async ({ make, call }) => {
      const QueueUrl = await make({ MaximumMessageSize: "2048" });
      const MessageAttributes = { k: { DataType: "String", StringValue: "x" } };
      const Entries = [
        { Id: "1", MessageBody: text(2040), MessageAttributes },
        { Id: "2", MessageBody: "a" },
      ];
      const { Successful, ...others } = await call("SendMessageBatch", { QueueUrl, Entries });
      return [...Successful.map(({ MessageId, ...one }: { MessageId: string }) => one), others];
    },
    is: [
      {
        Id: "1",
        MD5OfMessageAttributes: "a45daa70926828a2f0a1db3418e6feb4",
        MD5OfMessageBody: "f44facf5a7ee0af446ecf3e0f854441e",
      },
      { Id: "2", MD5OfMessageBody: "0cc175b9c0f1b6a831c399e269772661" },
      {},
    ],
  },
  {
    fact: "SendMessageBatch takes 10 entries at most",
    run: async ({ make, refusal }) =>
      refusal("SendMessageBatch", { QueueUrl: await make(), Entries: entries(20, { MessageBody: "a" }) }),
    is: TOO_MANY,
  },
  {
    fact: "DeleteMessageBatch takes 10 entries at most",
    run: async ({ make, refusal }) =>
      refusal("DeleteMessageBatch", { QueueUrl: await make(), Entries: entries(20, { ReceiptHandle: "a" }) }),
    is: TOO_MANY,
  },
  {
    fact: "ChangeMessageVisibilityBatch takes 10 entries at most",
    run: async ({ make, refusal }) =>
      refusal("ChangeMessageVisibilityBatch", {
        QueueUrl: await make(),
        Entries: entries(20, { ReceiptHandle: "a", VisibilityTimeout: 123 }),
      }),
    is: TOO_MANY,
  },
  {
    fact: "SendMessageBatch refuses an ID with a colon",
    run: async ({ make, refusal }) =>
      refusal("SendMessageBatch", { QueueUrl: await make(), Entries: [{ Id: "message:1", MessageBody: "a" }] }),
    is: BATCH_ID,
  },
  ...[
    ["an empty ID", ""],
    ["an ID of more than 80 letters", "testLongId".repeat(10)],
    ["an ID with a colon", "invalid:id"],
  ].map(([what, Id]) => ({
    fact: `DeleteMessageBatch refuses ${what}`,
    run: async ({ make, refusal }: Caller) =>
      refusal("DeleteMessageBatch", { QueueUrl: await make(), Entries: [{ Id, ReceiptHandle: "a" }] }),
    is: BATCH_ID,
  })),
  {
    fact: "a message needs a body",
    run: async ({ make, refusal }) => refusal("SendMessage", { QueueUrl: await make(), MessageBody: "" }),
    is: "MissingParameter: The request must contain the parameter MessageBody.",
  },
  {
    fact: "an attribute of type String needs a value",
    run: async ({ make, refusal }) =>
      refusal("SendMessage", {
        QueueUrl: await make(),
        MessageBody: "test",
        MessageAttributes: { ErrorDetails: { DataType: "String", StringValue: "" } },
      }),
    is: `${INVALID}Message (user) attribute 'ErrorDetails' must contain a non-empty value of type 'String'.`,
  },
  ...["", text(129), "group 123"].map((group) => ({
    fact: `a standard queue refuses the group ${JSON.stringify(group.slice(0, 9))} of ${group.length} characters`,
    run: async ({ make, refusal }: Caller) =>
      refusal("SendMessage", { QueueUrl: await make(), MessageBody: "a", MessageGroupId: group }),
    is: `${INVALID}Value ${group} for parameter MessageGroupId is invalid. Reason: ${GROUP_RULE}`,
  })),
  ...["", text(129), "group 123"].map((id) => ({
    fact: `a FIFO queue refuses the deduplication ID ${JSON.stringify(id.slice(0, 9))} of ${id.length} characters`,
    run: async ({ make, refusal }: Caller) =>
      refusal("SendMessage", {
        ...{ QueueUrl: await make({ FifoQueue: "true" }), MessageBody: "a" },
        ...{ MessageGroupId: "test", MessageDeduplicationId: id },
      }),
    is: `${INVALID}Value ${id} for parameter MessageDeduplicationId is invalid. Reason: ${DEDUPLICATION_RULE}`,
  })),
  {
    fact: "a deduplication ID may have 128 characters",
    run: async (caller) => {
      const url = await caller.make({ FifoQueue: "true" });
      await sent(caller, url, "a", { MessageGroupId: "test", MessageDeduplicationId: text(128) });
      return bodies(caller, url);
    },
    is: ["a"],
  },
  {
    fact: "a queue can be purged once in 60 seconds",
    run: async ({ make, call, refusal }) => {
      const QueueUrl = await make();
      await call("PurgeQueue", { QueueUrl });
      const message = await refusal("PurgeQueue", { QueueUrl });
      return message.replace(QueueUrl.split("/").pop() ?? "", "NAME");
    },
    is: "AWS.SimpleQueueService.PurgeQueueInProgress: Only one PurgeQueue operation on NAME is allowed every 60 seconds.",
  },
  {
    fact: "a queue that was deleted is not found",
    run: async ({ make, call, refusal }) => {
      const QueueUrl = await make();
      await call("DeleteQueue", { QueueUrl });
      return refusal("GetQueueAttributes", { QueueUrl });
    },
    is: "AWS.SimpleQueueService.NonExistentQueue: The specified queue does not exist.",
    inQuery: "AWS.SimpleQueueService.NonExistentQueue: The specified queue does not exist for this wsdl version.",
  },
];

describe("The limits of SQS", () => {
  testSqsFacts(RECORDED, limits);
});
