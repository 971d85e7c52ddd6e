import { setTimeout } from "node:timers/promises";
import type { Command } from "commander";
import { ProgramError } from "../engine/errors";
import { callJson } from "./callService";
import { findNamed } from "./named";
import { text } from "./options";
import { addSessionOptions, findSession, type SessionFlags } from "./sessions";

interface RedriveFlags extends SessionFlags {
  to?: string;
}

interface Task {
  Status: string;
  ApproximateNumberOfMessagesMoved: number;
  FailureReason?: string;
}

/** Adds the command `redrive`. */
export function addRedrive(program: Command, signal: AbortSignal): void {
  addSessionOptions(
    program
      .command("redrive <queue>")
      .description("move the messages of a dead-letter queue that start serves back to where they came from")
      .option("--to <queue>", "move them to this queue instead", text),
  ).action((queue: string, flags: RedriveFlags) => redrive(queue, flags, signal));
}

const POLL_MILLISECONDS = 50;

async function redrive(queue: string, { to, ...flags }: RedriveFlags, signal: AbortSignal): Promise<void> {
  const session = findSession(flags);
  const call = <Output>(operation: string, input: object) =>
    callJson<Output>(session, "sqs", `AmazonSQS.${operation}`, input, signal);
  const arnOf = async (given: string) => {
    const input = { QueueUrl: findNamed("queue", given, session).name, AttributeNames: ["QueueArn"] };
    return (await call<{ Attributes: { QueueArn: string } }>("GetQueueAttributes", input)).Attributes.QueueArn;
  };
  const SourceArn = await arnOf(queue);
  const DestinationArn = to === undefined ? undefined : await arnOf(to);
  await call("StartMessageMoveTask", { SourceArn, DestinationArn }).catch((error) => {
    if (!/must be configured as a Dead Letter Queue/.test(error.message)) throw error;
    const why = "only the dead letters of queues can be moved, not those of functions, topics, rules or schedules";
    throw new ProgramError(`${error.message} No redrivePolicy of a queue names ${queue}: ${why}.`);
  });
  for (;;) {
    const { Results } = await call<{ Results: Task[] }>("ListMessageMoveTasks", { SourceArn });
    const [{ Status = "", ApproximateNumberOfMessagesMoved: moved = 0, FailureReason = "" } = {}] = Results;
    const messages = `${moved} ${moved === 1 ? "message" : "messages"}`;
    if (Status === "FAILED") throw new ProgramError(`${queue}: it failed after ${messages}: ${FailureReason}`);
    if (Status !== "RUNNING") {
      process.stdout.write(`moved ${messages} from ${queue}\n`);
      return;
    }
    await setTimeout(POLL_MILLISECONDS, undefined, { signal });
  }
}
