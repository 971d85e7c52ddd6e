import { createHash } from "node:crypto";
import { type DynamoDBDocumentClient, GetCommand, PutCommand, UpdateCommand } from "@aws-sdk/lib-dynamodb";

/** How far a run is. STARTING means that it is not yet certain to be submitted. */
export type RunState = "STARTING" | "PENDING" | "RUNNING" | "SUCCEEDED" | "FAILED";

/** The states from which a run gets into a state. Events come in any order, and more than once. */
const before: Record<RunState, RunState[]> = {
  STARTING: ["FAILED"],
  PENDING: ["STARTING"],
  RUNNING: ["STARTING", "PENDING"],
  SUCCEEDED: ["STARTING", "PENDING", "RUNNING"],
  FAILED: ["STARTING", "PENDING", "RUNNING"],
};

/** A version of an object. */
export interface ObjectVersion {
  bucket: string;
  key: string;
  /** Undefined in a bucket without versions. */
  version?: string;
  etag?: string;
}

/** The record of what is done with one version of an object. */
export interface Run extends ObjectVersion {
  /** Derived from the object's version, so that there is one record of each. */
  id: string;
  state: RunState;
  /** Counted from 1. */
  attempt: number;
  /** RFC 3339, as all times. */
  createdAt: string;
  /** When the attempt began. */
  attemptedAt: string;
  updatedAt: string;
  /** The id of the attempt's job, step or job run. */
  submissionId?: string;
  /** Why the attempt failed. */
  reason?: string;
  /** Milliseconds since the epoch until which a call may be submitting the attempt. */
  lockedUntil: number;
  /** Milliseconds since the epoch after which the event of the attempt's failure comes only from the dead letter queue. */
  buriedAt?: number;
  /** Seconds since the epoch: the table's TTL attribute. */
  expiresAt: number;
}

/** What a change of state brings with it. */
type Details = Partial<Pick<Run, "submissionId" | "reason" | "buriedAt">>;

/** The records of runs. Every write is one conditional call, so nothing is lost to a race. */
export class Runs {
  /** @param retentionDays how long records are kept, and repeated events recognized */
  constructor(
    private readonly database: DynamoDBDocumentClient,
    private readonly table: string,
    private readonly retentionDays: number,
  ) {}

  /** The name of an attempt. The table's is unique, so no other pipeline uses it. */
  nameOf({ id, attempt }: Pick<Run, "id" | "attempt">): string {
    return `${this.table}-${id}-${attempt}`;
  }

  /** The attempt of a name; undefined for anything else's. */
  attemptOf(name: string): Pick<Run, "id" | "attempt"> | undefined {
    if (!name.startsWith(`${this.table}-`)) return undefined;
    const [, id, attempt] = /^([0-9a-f]{32})-(\d+)$/.exec(name.slice(this.table.length + 1)) ?? [];
    return id === undefined ? undefined : { id, attempt: Number(attempt) };
  }

  /** The new, locked record of an object's version; undefined if there is one already. */
  async create(object: ObjectVersion, lockedUntil: number): Promise<Run | undefined> {
    const now = new Date();
    const run: Run = {
      ...object,
      id: idOf(object),
      state: "STARTING",
      attempt: 1,
      createdAt: now.toISOString(),
      attemptedAt: now.toISOString(),
      updatedAt: now.toISOString(),
      lockedUntil,
      expiresAt: this.expiry(now),
    };
    const put = new PutCommand({ TableName: this.table, Item: run, ConditionExpression: "attribute_not_exists(id)" });
    return (await ifConditionHolds(this.database.send(put))) && run;
  }

  async read(id: string): Promise<Run | undefined> {
    const get = new GetCommand({ TableName: this.table, Key: { id }, ConsistentRead: true });
    return (await this.database.send(get)).Item as Run | undefined;
  }

  /** Locks an attempt that may have been submitted already, unless another call is at it. */
  async takeOver(run: Run, lockedUntil: number): Promise<Run | undefined> {
    if (run.lockedUntil > Date.now()) return undefined;
    const seen = { attempt: run.attempt, state: ["STARTING"] as RunState[], lockedUntil: run.lockedUntil };
    return this.update(run.id, seen, { lockedUntil });
  }

  /** Lets others take over the attempt at once. */
  async unlock({ id, attempt, lockedUntil }: Run): Promise<void> {
    await this.update(id, { attempt, state: ["STARTING"], lockedUntil }, { lockedUntil: 0 });
  }

  /** Moves an attempt on, never back. */
  async advance(id: string, attempt: number, state: RunState, details: Details): Promise<void> {
    const now = new Date().toISOString();
    await this.update(id, { attempt, state: before[state] }, { ...details, state, updatedAt: now });
  }

  /** Begins the next attempt, locked, at a run that has failed. Undefined if another call has begun it. */
  async retry({ id, attempt }: Run, lockedUntil: number): Promise<Run | undefined> {
    const now = new Date();
    const next = {
      state: "STARTING" as const,
      attempt: attempt + 1,
      attemptedAt: now.toISOString(),
      updatedAt: now.toISOString(),
      lockedUntil,
      expiresAt: this.expiry(now),
    };
    return this.update(id, { attempt, state: before.STARTING }, next, ["submissionId", "reason", "buriedAt"]);
  }

  private async update(
    id: string,
    seen: { attempt: number; state: RunState[]; lockedUntil?: number },
    changes: Partial<Run>,
    removed: string[] = [],
  ): Promise<Run | undefined> {
    const set = Object.entries(changes).filter(([, value]) => value !== undefined);
    const states = Object.fromEntries(seen.state.map((state, index) => [`:before${index}`, state]));
    const conditions = ["attempt = :seenAttempt", `#state IN (${Object.keys(states).join(", ")})`];
    if (seen.lockedUntil !== undefined) conditions.push("lockedUntil = :seenLock");
    const update = new UpdateCommand({
      TableName: this.table,
      Key: { id },
      UpdateExpression: [
        `SET ${set.map(([name]) => `${name === "state" ? "#state" : name} = :${name}`).join(", ")}`,
        ...(removed.length > 0 ? [`REMOVE ${removed.join(", ")}`] : []),
      ].join(" "),
      ConditionExpression: conditions.join(" AND "),
      // The only one of the names that DynamoDB reserves.
      ExpressionAttributeNames: { "#state": "state" },
      ExpressionAttributeValues: {
        ...Object.fromEntries(set.map(([name, value]) => [`:${name}`, value])),
        ...states,
        ":seenAttempt": seen.attempt,
        ...(seen.lockedUntil !== undefined && { ":seenLock": seen.lockedUntil }),
      },
      ReturnValues: "ALL_NEW",
    });
    return (await ifConditionHolds(this.database.send(update)))?.Attributes as Run | undefined;
  }

  private expiry(now: Date): number {
    return Math.floor(now.getTime() / 1000) + this.retentionDays * 24 * 60 * 60;
  }
}

/** Of the version, or where there are none of the content, so that the same object is worked on once. */
export function idOf({ bucket, key, version, etag }: ObjectVersion): string {
  const identity = JSON.stringify([bucket, key, version ?? etag]);
  return createHash("sha256").update(identity).digest("hex").slice(0, 32);
}

/** The result of the work, or undefined if the write's condition does not hold. */
async function ifConditionHolds<Result>(work: Promise<Result>): Promise<Result | undefined> {
  return work.catch((error: unknown) => {
    if ((error as Error)?.name === "ConditionalCheckFailedException") return undefined;
    throw error;
  });
}
