import type { Mistakes } from "../../validation";
import type { QueueArgs } from "./args";

const wiredUp: Record<string, string> = {
  contentBasedDeduplication: "`contentBasedDeduplication`",
  deduplicationScope: "`highThroughput`",
  delaySeconds: "`delay`",
  fifoQueue: "`fifo`",
  fifoThroughputLimit: "`highThroughput`",
  kmsMasterKeyId: "`kmsKeyArn`",
  maxMessageSize: "`maximumMessageSize`",
  messageRetentionSeconds: "`retention`",
  policy: "`senders`",
  redriveAllowPolicy: "`deadLetterArn`",
  redrivePolicy: "`deadLetterArn` and `maximumReceives`",
  sqsManagedSseEnabled: "`kmsKeyArn`",
  visibilityTimeoutSeconds: "`visibilityTimeout`",
};

/** Adds every mistake in a queue's arguments. */
export function checkQueue(mistakes: Mistakes, args: QueueArgs, name: string): void {
  const { fifo = false, deadLetterArn, visibilityTimeout = 60, retention = 345_600 } = args;
  // The ending .fifo counts.
  const most = fifo ? 75 : 80;
  mistakes.componentName(name, most, /^[\w-]+$/, "letters, digits, `_` and `-`");
  if (deadLetterArn === undefined) mistakes.autoName(`${name}-dead-letters`, "name", most);
  for (const key of ["contentBasedDeduplication", "highThroughput"] as const) {
    mistakes.from("fifo").check(fifo || !args[key], key, "is for FIFO queues; write `fifo: true` too, or leave it out");
  }
  if (typeof deadLetterArn === "string") {
    const sameKind = deadLetterArn.endsWith(".fifo") === fifo;
    const kind = fifo ? "a FIFO queue, as this is one" : "a standard queue, as this is one";
    mistakes.from("fifo").check(sameKind, "deadLetterArn", `is "${deadLetterArn}"; write the ARN of ${kind}`);
  }
  const keptLonger = visibilityTimeout <= retention;
  const instead = "write more, or a shorter `visibilityTimeout`";
  mistakes
    .from("visibilityTimeout")
    .check(
      keptLonger,
      "retention",
      `is ${retention}, less than the visibility timeout of ${visibilityTimeout}; ${instead}`,
    );
  for (const key of Object.keys(args.queueArgs ?? {})) {
    const own = wiredUp[key];
    if (own) mistakes.add(`queueArgs.${key}`, `write the component's ${own} instead`);
  }
}
