import { createHash, randomUUID } from "node:crypto";
import { type DynamoDBDocumentClient, GetCommand, PutCommand } from "@aws-sdk/lib-dynamodb";
import { Problem, tryAgain } from "../http/problem";
import { ifConditionHolds } from "./database";

/** Seconds for which a response is remembered. DynamoDB deletes expired records late, so reads check too. */
const remembered = 24 * 60 * 60;

/** A caller's request, and the latest time at which this attempt at it ends. */
interface KeyedRequest {
  caller: string;
  method: string;
  path: string;
  content: string;
  deadline: number;
}

interface IdempotencyRecord {
  id: string;
  /** A new one with each write, so that no write overwrites what it has not seen. */
  version: string;
  fingerprint: string;
  /** What the first attempt decided; every later attempt does the same. */
  plan: unknown;
  /** Milliseconds since the epoch until which an attempt may be running; 0 if none is. */
  lockedUntil: number;
  /** Seconds since the epoch: the table's TTL attribute. */
  expiresAt: number;
  done: boolean;
  result?: unknown;
}

/**
 * Does the work of a request with an Idempotency-Key once, whatever crashes and however often the request is sent.
 *
 * The plan (ids, times and everything random) is stored before the work begins, so that an attempt after a crash
 * repeats exactly the same work, which must be harmless the second time. What is stored at the end is the work's small
 * result: the response is built from it and from the body, which is the same each time (a body of 256 KB of JSON can be
 * more than the 400 KB that DynamoDB stores).
 * @see https://datatracker.ietf.org/doc/html/draft-ietf-httpapi-idempotency-key-header
 */
export class Idempotency {
  constructor(
    private readonly database: DynamoDBDocumentClient,
    private readonly table: string,
  ) {}

  /**
   * @param key as the caller sent it; without one the work is simply done
   * @param mayBeDone whether work that failed with this error, not a Problem, may still have taken effect, or may do so
   * later: then the next attempt waits for the deadline
   * @throws Problem `idempotency-key-reused` for another request under the same key, `request-in-progress` while
   * another attempt is running
   */
  async once<Plan, Result>(
    key: string | undefined,
    request: KeyedRequest,
    plan: Plan,
    work: (plan: Plan) => Promise<Result>,
    mayBeDone: (error: unknown) => boolean = () => false,
  ): Promise<{ result: Result; replayed: boolean }> {
    if (key === undefined) return { result: await work(plan), replayed: false };
    const record = await this.claim(key, request, plan);
    if (record.done) return { result: record.result as Result, replayed: true };
    try {
      const result = await work(record.plan as Plan);
      await this.update(record, { lockedUntil: 0, done: true, result });
      return { result, replayed: false };
    } catch (error) {
      // If this fails too, the lock ends with the function.
      if (error instanceof Problem || !mayBeDone(error))
        await this.update(record, { lockedUntil: 0 }).catch(() => undefined);
      throw error;
    }
  }

  /** A record that this attempt may work on, or a finished one. */
  private async claim(key: string, request: KeyedRequest, plan: unknown): Promise<IdempotencyRecord> {
    const { caller, method, path, content, deadline } = request;
    const now = Date.now();
    const seconds = Math.floor(now / 1000);
    const fresh: IdempotencyRecord = {
      id: `idempotency-key/${hash(caller, key)}`,
      version: randomUUID(),
      fingerprint: hash(method, path, content),
      plan,
      lockedUntil: deadline,
      expiresAt: seconds + remembered,
      done: false,
    };
    if (await this.write(fresh, "attribute_not_exists(id) OR expiresAt <= :now", { ":now": seconds })) return fresh;
    const record = await this.read(fresh.id);
    if (!record) return this.claim(key, request, plan);
    // The SDK may have sent the write twice; then the first one made the second one fail.
    if (record.version === fresh.version) return fresh;
    if (record.fingerprint !== fresh.fingerprint) {
      throw new Problem("idempotency-key-reused", "Send the same request again, or another key.");
    }
    if (record.done) return record;
    const takenOver = record.lockedUntil <= now && (await this.update(record, { lockedUntil: deadline }));
    // Nearly always a matter of milliseconds; only an attempt that crashed holds its lock to the deadline.
    if (!takenOver) throw new Problem("request-in-progress", "Send it again soon to get its response.", tryAgain);
    return takenOver;
  }

  private async read(id: string): Promise<IdempotencyRecord | undefined> {
    const get = new GetCommand({ TableName: this.table, Key: { id }, ConsistentRead: true });
    return (await this.database.send(get)).Item as IdempotencyRecord | undefined;
  }

  /** The record with the changes, unless another attempt has changed it. */
  private async update(record: IdempotencyRecord, changes: Partial<IdempotencyRecord>) {
    const next = { ...record, ...changes, version: randomUUID() };
    const written = await this.write(next, "version = :version", { ":version": record.version });
    return written ? next : undefined;
  }

  private async write(record: IdempotencyRecord, condition: string, values: Record<string, unknown>): Promise<boolean> {
    const put = new PutCommand({
      TableName: this.table,
      Item: record,
      ConditionExpression: condition,
      ExpressionAttributeValues: values,
    });
    return (await ifConditionHolds(this.database.send(put))) !== undefined;
  }
}

function hash(...parts: string[]): string {
  return createHash("sha256").update(JSON.stringify(parts)).digest("base64url");
}
