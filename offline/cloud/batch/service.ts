import { BodyTooLarge, readBody } from "../core/body";
import { answerJson } from "../core/json";
import { refuse } from "../core/refusal";
import { asMap, asText, asTexts, type Settings } from "../core/resources";
import type { Service } from "../core/types";
import type { Batch } from "./batch";
import { describeJob } from "./describe";
import { listJobs } from "./list";
import { Refused } from "./refused";

/** @see https://docs.aws.amazon.com/batch/latest/userguide/service_limits.html */
const MAX_PAYLOAD_BYTES = 30 * 1024;

const OPERATIONS: Record<string, (batch: Batch, request: Settings) => object> = {
  submitjob: (batch, request) => {
    const { id, arn, submission } = batch.submit(request);
    return { jobId: id, jobArn: arn, jobName: submission.name };
  },
  describejobs: (batch, request) => {
    const ids = asTexts(request.jobs);
    if (ids.length > 100) throw new Refused(`jobs has ${ids.length} ids, but at most 100 go`);
    return { jobs: ids.flatMap((id) => batch.find(id) ?? []).map(describeJob) };
  },
  listjobs: listJobs,
  canceljob: (batch, request) => end(batch, request, (job, reason) => batch.cancel(job, reason)),
  terminatejob: (batch, request) => end(batch, request, (job, reason) => batch.terminate(job, reason)),
};

/** AWS Batch's own API as far as jobs go. */
export function createBatch(batch: Batch): Service {
  return async (request, response) => {
    const name = /^\/v1\/(\w+)$/.exec(request.url ?? "")?.[1] ?? "";
    const operation = request.method === "POST" && Object.hasOwn(OPERATIONS, name) ? OPERATIONS[name] : undefined;
    if (!operation) {
      const message = `batch ${request.method} ${request.url} is not emulated offline, only SubmitJob, DescribeJobs, ListJobs, CancelJob and TerminateJob are. Point batch elsewhere with --endpoint batch=http://HOST:PORT`;
      return refuse(request, response, 501, "NotEmulated", message);
    }
    try {
      const body = (await readBody(request, MAX_PAYLOAD_BYTES)).toString();
      answerJson(response, operation(batch, asMap(JSON.parse(body || "{}"))));
    } catch (error) {
      const { status, code, message } = describeError(error);
      refuse(request, response, status, code, message);
    }
  };
}

function describeError(error: unknown): { status: number; code: string; message: string } {
  if (error instanceof Refused) return error;
  if (error instanceof BodyTooLarge) {
    const message = `The request has more than ${MAX_PAYLOAD_BYTES} bytes: put what the job works on into S3 or a table`;
    return { status: 400, code: "ClientException", message };
  }
  if (!(error instanceof SyntaxError)) throw error;
  return { status: 400, code: "ClientException", message: `The request is not JSON: ${error.message}` };
}

/** A job that is not there is done already, as in the API. */
function end(
  batch: Batch,
  request: Settings,
  act: (job: NonNullable<ReturnType<Batch["find"]>>, reason: string) => void,
) {
  const jobId = asText(request.jobId);
  const reason = asText(request.reason);
  if (!jobId || !reason) throw new Refused("Give both jobId and reason");
  if (reason.length > 1024) throw new Refused(`reason has ${reason.length} characters, but at most 1024 go`);
  const job = batch.find(jobId);
  if (job) act(job, reason);
  return {};
}
