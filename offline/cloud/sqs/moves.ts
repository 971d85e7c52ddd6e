import { randomUUID } from "node:crypto";
import { AwsError } from "../core/awsError";
import { objectIn } from "../core/json";
import { checkBounds, invalidParameter } from "./errors";
import type { Message } from "./message";
import type { Queue } from "./queue";

/** A task that moves messages out of a dead-letter queue. */
interface Move {
  id: string;
  source: Queue;
  /** Undefined to move each message back to the queue it came from. */
  destinationArn?: string;
  perSecond?: number;
  status: "RUNNING" | "COMPLETED" | "CANCELLING" | "CANCELLED" | "FAILED";
  moved: number;
  toMove: number;
  failure?: string;
  /** In milliseconds since 1970. */
  startedAt: number;
}

export type MoveInput = {
  SourceArn: string;
  DestinationArn?: string;
  MaxNumberOfMessagesPerSecond?: number;
};

interface Known {
  byArn(arn: string): Queue | undefined;
  sourcesOf(arn: string): Queue[];
}

const MAX_PER_SECOND = 500;
const MAX_LISTED = 10;
/** How many messages are moved before other work gets its turn. */
const AT_ONCE = 100;

/** The tasks that move messages out of dead-letter queues. */
export class Moves {
  /** The newest first. */
  private readonly moves: Move[] = [];
  private readonly timers = new Set<NodeJS.Timeout>();

  constructor(private readonly queues: Known) {}

  /** StartMessageMoveTask. @throws AwsError if the task is refused */
  start(input: MoveInput): object {
    const { SourceArn, DestinationArn: destinationArn, MaxNumberOfMessagesPerSecond: perSecond } = input;
    checkBounds(perSecond, "MaxNumberOfMessagesPerSecond", 1, MAX_PER_SECOND);
    const source = this.find(SourceArn, "SourceArn");
    if (destinationArn !== undefined) this.find(destinationArn, "DestinationArn");
    if (this.queues.sourcesOf(SourceArn).length === 0) {
      throw invalidParameter("Source queue must be configured as a Dead Letter Queue.");
    }
    if (this.moves.some((one) => one.source === source && one.status === "RUNNING")) {
      throw invalidParameter(
        "There is already a task running. Only one active task is allowed for a source queue arn at a given time.",
      );
    }
    const { visible, inFlight, delayed } = source.counts;
    const toMove = visible + inFlight + delayed;
    const facts = { id: randomUUID(), source, destinationArn, perSecond, moved: 0, toMove, startedAt: Date.now() };
    const move: Move = { ...facts, status: "RUNNING" };
    this.moves.unshift(move);
    this.later(move, 0);
    return { TaskHandle: handleOf(move) };
  }

  /** ListMessageMoveTasks. @throws AwsError for a queue that does not exist */
  list({ SourceArn, MaxResults = 1 }: { SourceArn: string; MaxResults?: number }): object {
    checkBounds(MaxResults, "MaxResults", 1, MAX_LISTED);
    const source = this.find(SourceArn, "SourceArn");
    return {
      Results: this.moves
        .filter((one) => one.source === source)
        .slice(0, MaxResults)
        .map(show),
    };
  }

  /** CancelMessageMoveTask. @throws AwsError for a task that does not run */
  cancel(TaskHandle: string): object {
    const { taskId, sourceArn } = objectIn(Buffer.from(TaskHandle, "base64").toString());
    if (typeof taskId !== "string" || typeof sourceArn !== "string") {
      throw invalidParameter("Value for parameter TaskHandle is invalid.");
    }
    this.find(sourceArn, "SourceArn");
    const move = this.moves.find(({ id, status }) => id === taskId && status === "RUNNING");
    if (!move) throw new AwsError("ResourceNotFoundException", "Task does not exist.");
    move.status = "CANCELLED";
    return { ApproximateNumberOfMessagesMoved: move.moved };
  }

  close(): void {
    for (const timer of this.timers) clearTimeout(timer);
  }

  private find(arn: string, parameter: string): Queue {
    const queue = this.queues.byArn(arn);
    if (queue) return queue;
    const message = `The resource that you specified for the ${parameter} parameter doesn't exist.`;
    throw new AwsError("ResourceNotFoundException", message);
  }

  private later(move: Move, delay: number): void {
    const timer = setTimeout(() => {
      this.timers.delete(timer);
      this.run(move);
    }, delay).unref();
    this.timers.add(timer);
  }

  private run(move: Move): void {
    try {
      for (let count = 0; count < (move.perSecond ?? AT_ONCE); count++) {
        if (move.status !== "RUNNING") return;
        if (move.moved >= move.toMove || !move.source.move((message) => this.targetOf(move, message))) {
          move.status = "COMPLETED";
          return;
        }
        move.moved++;
      }
      this.later(move, move.perSecond === undefined ? 0 : 1000);
    } catch (error) {
      move.status = "FAILED";
      move.failure = error instanceof AwsError ? error.code : (error as Error).message;
    }
  }

  /** @throws AwsError if a message has nowhere to go */
  private targetOf({ destinationArn }: Move, { system }: Message): Queue {
    const arn = destinationArn ?? system.DeadLetterQueueSourceArn;
    if (arn === undefined) throw new AwsError("CouldNotDetermineMessageSource", "");
    const target = this.queues.byArn(arn);
    if (!target) throw new AwsError("AWS.SimpleQueueService.NonExistentQueue", "");
    return target;
  }
}

function handleOf({ id, source }: Move): string {
  return Buffer.from(JSON.stringify({ taskId: id, sourceArn: source.arn })).toString("base64");
}

function show(move: Move): object {
  return {
    ...(move.status === "RUNNING" && { TaskHandle: handleOf(move) }),
    Status: move.status,
    SourceArn: move.source.arn,
    DestinationArn: move.destinationArn,
    MaxNumberOfMessagesPerSecond: move.perSecond,
    ApproximateNumberOfMessagesMoved: move.moved,
    ApproximateNumberOfMessagesToMove: move.toMove,
    FailureReason: move.failure,
    StartedTimestamp: move.startedAt,
  };
}
