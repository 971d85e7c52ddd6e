import { randomUUID } from "node:crypto";
import type { JobDetail, SubmitJobCommandInput } from "@aws-sdk/client-batch";
import { type DynamoDBDocumentClient, GetCommand } from "@aws-sdk/lib-dynamodb";
import { mayBeDone, settling } from "pulumi-graviton/batch/submission/submitOnce";
import type { Mistake } from "../http/json";
import { errorFields, Problem, tryAgain, withoutInternals } from "../http/problem";
import { rejectMistakes } from "../http/request";
import type { Operation, Reply, Request } from "../http/restApi";
import type { Idempotency } from "../state/idempotency";
import type { PageTokens } from "../state/pageTokens";
import type { JobQueue } from "./queue";
import type { JobOperation } from "./routes";
import { isOver, type JobInput, jobDetailFrom, jobFrom } from "./schema";
import type { SummaryRecord } from "./summary";

/**
 * Maximum size of a submission, in bytes. @see https://docs.aws.amazon.com/batch/latest/userguide/service_limits.html
 */
const largestSubmission = 30 * 1024;

export interface JobServices {
  queue: JobQueue;
  /** The job definition's ARN. */
  definition: string;
  /** Defaults for jobs. */
  defaults: Pick<JobInput, "arraySize" | "shareIdentifier">;
  database: DynamoDBDocumentClient;
  summariesTable: string;
  pageTokens: PageTokens;
  idempotency: Idempotency;
}

/** What the API does with jobs, one function per route. */
export function jobOperations(services: JobServices): Record<JobOperation, Operation> {
  const { queue, definition, defaults, database, summariesTable, pageTokens, idempotency } = services;

  type ListParameters = { limit: number; status?: string; nextToken?: string };

  async function listJobs({ parameters }: Request<ListParameters>): Promise<Reply> {
    const { nextToken, ...rest } = parameters;
    const query = { operation: "listJobs", ...rest };
    const position = await pageTokens.open(nextToken, query);
    const page = await queue.list(rest.limit, rest.status, (position as { token: string } | undefined)?.token);
    const next = page.next && { nextToken: await pageTokens.seal({ token: page.next }, query) };
    return { status: 200, body: { jobs: page.jobs.map(jobFrom), ...next } };
  }

  /**
   * SubmitJob has no client token, so the job's name is its identity: it is unique and stored with the idempotency key
   * before the job is submitted. A later attempt looks for that name first, and as long as it is unknown whether the
   * job was submitted (the function died, the response was lost), the key stays locked.
   */
  async function submitJob(request: Request<{ "Idempotency-Key"?: string }, JobInput>): Promise<Reply> {
    const { path, parameters } = request;
    const body = { ...defaults, ...request.body };
    const fresh = { name: `${body.name ?? "job"}-${randomUUID()}` };
    const submission = (name: string) => submissionOf(body, name, definition);
    rejectTooLarge(submission(fresh.name));
    rejectMistakes(await unknownJobs(body.dependsOn));
    const submit = async ({ name }: typeof fresh) => {
      return { id: await queue.submit(submission(name), name !== fresh.name), name };
    };
    const attempt = { ...request, deadline: request.deadline + settling };
    const { result, replayed } = await idempotency
      .once(parameters["Idempotency-Key"], attempt, fresh, submit, mayBeDone)
      .catch(rethrowRefusal);
    const headers = { Location: `${path}/${result.id}`, ...(replayed && { "Idempotent-Replayed": "true" }) };
    return { status: 202, headers, body: { ...result, status: "SUBMITTED" } };
  }

  async function readJob({ parameters }: Request<{ id: string }>): Promise<Reply> {
    return { status: 200, body: jobDetailFrom(await demanded(parameters.id)) };
  }

  async function terminateJob({ parameters }: Request<{ id: string }>): Promise<Reply> {
    const job = await demanded(parameters.id);
    if (isOver(job)) return { status: 204 };
    await queue.terminate(parameters.id, "Terminated through the API");
    return { status: 202 };
  }

  async function readSummary({ parameters: { id } }: Request<{ id: string }>): Promise<Reply> {
    const get = new GetCommand({ TableName: summariesTable, Key: { id }, ConsistentRead: true });
    const record = (await database.send(get)).Item as SummaryRecord | undefined;
    if (record?.summary) return { status: 200, body: record.summary };
    throw noSummary(await demanded(id));
  }

  async function demanded(id: string): Promise<JobDetail> {
    const [job] = await queue.describe(id);
    if (!job) throw new Problem("not-found", `There is no job ${id}.`);
    return job;
  }

  async function unknownJobs(ids: string[] = []): Promise<Mistake[]> {
    const known = ids.length === 0 ? [] : (await queue.describe(...ids)).map(({ jobId }) => jobId);
    return ids.flatMap((id, index) =>
      known.includes(id) ? [] : { pointer: `#/dependsOn/${index}`, detail: "is not the id of a job" },
    );
  }

  return { listJobs, submitJob, readJob, terminateJob, readSummary };
}

type Submission = Omit<SubmitJobCommandInput, "jobQueue">;

function submissionOf(body: JobInput, jobName: string, jobDefinition: string): Submission {
  const { environment, parameters, arraySize, dependsOn, timeoutSeconds, shareIdentifier } = body;
  return {
    jobName,
    jobDefinition,
    parameters,
    shareIdentifier,
    schedulingPriorityOverride: body.schedulingPriority,
    containerOverrides: environment && {
      environment: Object.entries(environment).map(([name, value]) => ({ name, value })),
    },
    arrayProperties: arraySize === undefined ? undefined : { size: arraySize },
    dependsOn: dependsOn?.map((jobId) => ({ jobId })),
    timeout: timeoutSeconds === undefined ? undefined : { attemptDurationSeconds: timeoutSeconds },
  };
}

function rejectTooLarge(submission: Submission): void {
  const size = Buffer.byteLength(JSON.stringify(submission));
  if (size <= largestSubmission) return;
  const detail = `The job's description has ${size} bytes; AWS Batch accepts at most ${largestSubmission}.`;
  throw new Problem("content-too-large", detail);
}

/** Reports what only AWS Batch can judge, such as whether the queue requires a share identifier. */
function rethrowRefusal(error: unknown): never {
  const { name, message } = errorFields(error);
  if (name !== "ClientException") throw error;
  throw new Problem("invalid-content", `AWS Batch refuses the job: ${withoutInternals(message)}`);
}

function noSummary(job: JobDetail): Problem {
  const { jobId: id, status, arrayProperties } = job;
  if (arrayProperties?.size !== undefined) {
    return new Problem(
      "not-found",
      `Job ${id} is an array; each of its children, from ${id}:0 on, has its own summary.`,
    );
  }
  if (isOver(job)) return new Problem("not-found", `Job ${id} has ${status} and left no summary.`);
  return new Problem("not-found", `Job ${id} is ${status}; its summary is available when it has SUCCEEDED.`, tryAgain);
}
