import type { IncomingMessage } from "node:http";
import { AwsError } from "../core/awsError";
import { asNumber, asText } from "../core/resources";
import { type Service, speakJson } from "../core/service";
import type { Input } from "../core/types";
import type { Application } from "./application";
import { describeApplication, describeJobRun } from "./describe";
import { EmrServerless } from "./emrServerless";
import { invalid } from "./errors";
import type { JobRun } from "./jobRun";
import { listApplications, listJobRuns } from "./list";
import { startJobRun } from "./startJobRun";

const APPLICATION = "/applications/(?<applicationId>[^/]+)";
const JOB_RUN = `${APPLICATION}/jobruns/(?<jobRunId>[^/]+)`;

/** Method and path of each operation. */
const ROUTES: Record<string, RegExp> = {
  ListApplications: /^GET \/applications\/?$/,
  GetApplication: new RegExp(`^GET ${APPLICATION}$`),
  StartApplication: new RegExp(`^POST ${APPLICATION}/start$`),
  StopApplication: new RegExp(`^POST ${APPLICATION}/stop$`),
  StartJobRun: new RegExp(`^POST ${APPLICATION}/jobruns$`),
  ListJobRuns: new RegExp(`^GET ${APPLICATION}/jobruns$`),
  GetJobRun: new RegExp(`^GET ${JOB_RUN}$`),
  CancelJobRun: new RegExp(`^DELETE ${JOB_RUN}$`),
};

const OPERATIONS: Record<string, (emr: EmrServerless, input: Input) => object> = {
  ListApplications: (emr, input) => listApplications(emr.all, input),
  GetApplication: (emr, input) => ({ application: describeApplication(findApplication(emr, input)) }),
  StartApplication: (emr, input) => {
    findApplication(emr, input).turnOn();
    return {};
  },
  StopApplication: (emr, input) => {
    const application = findApplication(emr, input);
    if (application.turnOff()) return {};
    const { id } = application.definition;
    throw invalid(`Application ${id} has job runs that have not ended: wait for them, or cancel them first`);
  },
  StartJobRun: (emr, input) => {
    const { application, id, arn } = startJobRun(findApplication(emr, input), input);
    return { applicationId: application.id, jobRunId: id, arn };
  },
  ListJobRuns: (emr, input) => listJobRuns(findApplication(emr, input), input),
  GetJobRun: (emr, input) => ({ jobRun: describeJobRun(findJobRun(findApplication(emr, input), input)) }),
  CancelJobRun: cancelJobRun,
};

/** The job run operations of EMR Serverless's API. */
export class EmrServerlessService extends EmrServerless implements Service {
  readonly handle = speakJson<EmrServerless>(this, {
    name: "emr-serverless",
    operations: OPERATIONS,
    read,
    malformed: "ValidationException",
  });
}

function read({ method, url = "/" }: IncomingMessage): { operation: string; input?: Input } {
  const { pathname, searchParams } = new URL(url, "http://127.0.0.1");
  const request = `${method} ${pathname}`;
  for (const [operation, route] of Object.entries(ROUTES)) {
    const match = route.exec(request);
    if (!match) continue;
    const ids = Object.entries(match.groups ?? {}).map(([name, id]) => [name, decodeURIComponent(id)]);
    const query = { ...Object.fromEntries(searchParams), states: searchParams.getAll("states") };
    return { operation, input: { ...(method === "POST" ? {} : query), ...Object.fromEntries(ids) } };
  }
  return { operation: request };
}

function findApplication(emr: EmrServerless, { applicationId }: Input): Application {
  const application = emr.find(asText(applicationId) ?? "");
  if (application) return application;
  const existing = emr.all.map(({ definition }) => `${definition.id} (${definition.name})`).join(", ") || "none";
  const message = `Application ${applicationId} does not exist; the program has ${existing}`;
  throw new AwsError("ResourceNotFoundException", message, 404);
}

function findJobRun({ jobRuns, definition }: Application, { jobRunId }: Input): JobRun {
  const jobRun = jobRuns.find((one) => one.id === jobRunId);
  if (jobRun) return jobRun;
  throw new AwsError("ResourceNotFoundException", `Job run ${jobRunId} does not exist in ${definition.id}`, 404);
}

function cancelJobRun(emr: EmrServerless, input: Input): object {
  const application = findApplication(emr, input);
  const jobRun = findJobRun(application, input);
  const grace = asNumber(input.shutdownGracePeriodInSeconds);
  if (!application.cancel(jobRun, grace === undefined ? undefined : grace * 1000)) {
    throw invalid(`Job run ${jobRun.id} is already ${jobRun.state} and cannot be cancelled`);
  }
  return { applicationId: application.definition.id, jobRunId: jobRun.id };
}
