import { setTimeout as sleep } from "node:timers/promises";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import { mayBeDone, settling } from "../../batch/submission/submitOnce";
import { contentOf, type Message } from "./messages";
import { clientOptions, type Platform, type Progress, variable } from "./platform";
import { idOf, type ObjectVersion, type Run, Runs } from "./runs";

/** A function that Lambda calls with messages, and that answers which of them are to be received again. */
type Handler = (
  event: { Records: Message[] },
  context: { getRemainingTimeInMillis(): number },
) => Promise<{ batchItemFailures: { itemIdentifier: string }[] }>;

/** Milliseconds before each look at an attempt that another call is submitting. */
const waits = [200, 400, 800, 1600, 0];

/**
 * Submits work for each new version of an object, once however often its event arrives, and keeps the record of it.
 *
 * The record, with the attempt's name, is written before the work is submitted. The call that wrote it holds a lock until
 * the answer is certain; a call that takes over from one that crashed looks for the name first.
 */
export function pipeline(platform: Platform): Handler {
  const database = DynamoDBDocumentClient.from(new DynamoDBClient(clientOptions));
  const runs = new Runs(database, variable("RUNS_TABLE_NAME"), Number(variable("RETENTION_DAYS")));
  const life = Number(variable("MESSAGE_LIFE_SECONDS")) * 1000;

  return async ({ Records }, context) => {
    const deadline = Date.now() + context.getRemainingTimeInMillis() + settling;
    const failures = await Promise.all(
      Records.map(async (message) => {
        try {
          await handle(message, deadline);
          return [];
        } catch (error) {
          console.error(`Message ${message.messageId} is not done: ${(error as Error)?.message ?? error}`, error);
          return [{ itemIdentifier: message.messageId }];
        }
      }),
    );
    return { batchItemFailures: failures.flat() };
  };

  async function handle(message: Message, deadline: number): Promise<void> {
    const content = contentOf(message);
    if ("object" in content) return begin(content.object, deadline);
    const progress = await platform.read(content.detail);
    if (progress) await follow(progress, message, deadline);
  }

  async function begin(object: ObjectVersion, deadline: number): Promise<void> {
    const run = await runs.create(object, deadline);
    await (run ? submit(run, false) : resume(idOf(object), 1, deadline));
  }

  /** Submits an attempt that an earlier call began, unless that call, or another one, has. */
  async function resume(id: string, attempt: number, deadline: number): Promise<void> {
    for (const wait of waits) {
      const run = await runs.read(id);
      if (run?.attempt !== attempt || run.state !== "STARTING") return;
      const taken = await runs.takeOver(run, deadline);
      if (taken) return submit(taken, true);
      await sleep(wait);
    }
    throw new Error(`attempt ${attempt} of run ${id} is being submitted by another call`);
  }

  async function submit(run: Run, perhapsSubmitted: boolean): Promise<void> {
    const submission = { name: runs.nameOf(run), run, perhapsSubmitted };
    const submissionId = await platform.submit(submission).catch(async (error: unknown) => {
      // If this fails too, the lock ends after the function.
      if (!mayBeDone(error)) await runs.unlock(run).catch(() => undefined);
      throw error;
    });
    await runs.advance(run.id, run.attempt, "PENDING", { submissionId });
  }

  async function follow({ name, state, ...details }: Progress, message: Message, deadline: number): Promise<void> {
    const found = runs.attemptOf(name);
    if (!found) return;
    const { id, attempt } = found;
    if (state !== "FAILED") return runs.advance(id, attempt, state, details);
    const buriedAt = Number(message.attributes.ApproximateFirstReceiveTimestamp) + life;
    await runs.advance(id, attempt, state, { ...details, buriedAt });
    const run = await runs.read(id);
    if (!run) throw new Error(`the record of run ${id} has expired; put the object again to run it again`);
    if (run.attempt === attempt && run.state === "FAILED") return retryIfReplayed(run, message, deadline);
    if (run.attempt === attempt + 1) return resume(id, run.attempt, deadline);
  }

  /**
   * The event of a failure is never done, so that SQS puts it into the dead letter queue. It comes from there, as a new
   * message, only when somebody wants another attempt.
   */
  async function retryIfReplayed(run: Run, message: Message, deadline: number): Promise<void> {
    const { id, attempt, reason = "no reason is given", buriedAt = 0 } = run;
    if (Number(message.attributes.SentTimestamp) < buriedAt) {
      throw new Error(`attempt ${attempt} of run ${id} failed: ${reason}; redrive the message to try again`);
    }
    const next = await runs.retry(run, deadline);
    await (next ? submit(next, false) : resume(id, attempt + 1, deadline));
  }
}
