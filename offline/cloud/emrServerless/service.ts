import { readBody } from "../core/body";
import { answerJson } from "../core/json";
import { refuse } from "../core/refusal";
import { Refused } from "../core/refused";
import { asMap, asNumber, type Settings } from "../core/resources";
import type { Service } from "../core/types";
import type { Application } from "./application";
import { describeApplication, describeJobRun } from "./describe";
import type { EmrServerless } from "./emrServerless";
import type { JobRun } from "./jobRun";
import { listApplications, listJobRuns } from "./list";
import { startJobRun } from "./startJobRun";

interface Call {
  /** Ids in the path: of the application, and of the job run. */
  ids: string[];
  query: URLSearchParams;
  body: Settings;
}

interface Operation {
  name: string;
  method: string;
  path: RegExp;
  answer(emr: EmrServerless, call: Call): object;
}

const OPERATIONS: Operation[] = [
  {
    name: "ListApplications",
    method: "GET",
    path: /^\/applications\/?$/,
    answer: (emr, { query }) => listApplications(emr.all, query),
  },
  {
    name: "GetApplication",
    method: "GET",
    path: /^\/applications\/([^/]+)$/,
    answer: (emr, { ids }) => ({ application: describeApplication(findApplication(emr, ids)) }),
  },
  {
    name: "StartApplication",
    method: "POST",
    path: /^\/applications\/([^/]+)\/start$/,
    answer: (emr, { ids }) => {
      findApplication(emr, ids).turnOn();
      return {};
    },
  },
  {
    name: "StopApplication",
    method: "POST",
    path: /^\/applications\/([^/]+)\/stop$/,
    answer: (emr, { ids }) => {
      if (findApplication(emr, ids).turnOff()) return {};
      throw invalid(`Application ${ids[0]} has job runs that have not ended: wait for them, or cancel them first`);
    },
  },
  {
    name: "StartJobRun",
    method: "POST",
    path: /^\/applications\/([^/]+)\/jobruns$/,
    answer: (emr, { ids, body }) => {
      const { application, id, arn } = startJobRun(findApplication(emr, ids), body);
      return { applicationId: application.id, jobRunId: id, arn };
    },
  },
  {
    name: "ListJobRuns",
    method: "GET",
    path: /^\/applications\/([^/]+)\/jobruns$/,
    answer: (emr, { ids, query }) => listJobRuns(findApplication(emr, ids), query),
  },
  {
    name: "GetJobRun",
    method: "GET",
    path: /^\/applications\/([^/]+)\/jobruns\/([^/]+)$/,
    answer: (emr, { ids }) => ({ jobRun: describeJobRun(findJobRun(findApplication(emr, ids), ids)) }),
  },
  {
    name: "CancelJobRun",
    method: "DELETE",
    path: /^\/applications\/([^/]+)\/jobruns\/([^/]+)$/,
    answer: cancelJobRun,
  },
];

/** EMR Serverless's own API as far as job runs go. */
export function createEmrServerless(emr: EmrServerless): Service {
  return async (request, response) => {
    const { pathname, searchParams: query } = new URL(request.url ?? "/", "http://127.0.0.1");
    const operation = OPERATIONS.find(({ method, path }) => method === request.method && path.test(pathname));
    if (!operation) {
      const known = OPERATIONS.map(({ name }) => name).join(", ");
      const message = `emr-serverless ${request.method} ${pathname} is not emulated offline, only ${known} are. Point emr-serverless elsewhere with --endpoint emr-serverless=http://HOST:PORT`;
      return refuse(request, response, 501, "NotEmulated", message);
    }
    try {
      const text = (await readBody(request)).toString();
      const ids = (operation.path.exec(pathname) ?? []).slice(1).map(decodeURIComponent);
      answerJson(response, operation.answer(emr, { ids, query, body: asMap(JSON.parse(text || "{}")) }));
    } catch (error) {
      if (error instanceof Refused) return refuse(request, response, error.status, error.code, error.message);
      if (!(error instanceof SyntaxError || error instanceof URIError)) throw error;
      refuse(request, response, 400, "ValidationException", `The request cannot be read: ${error.message}`);
    }
  };
}

function findApplication(emr: EmrServerless, [id]: string[]): Application {
  const application = emr.find(id ?? "");
  if (application) return application;
  const existing = emr.all.map(({ definition }) => `${definition.id} (${definition.name})`).join(", ") || "none";
  throw new Refused(`Application ${id} does not exist. There is: ${existing}`, "ResourceNotFoundException", 404);
}

function findJobRun({ jobRuns, definition }: Application, [, id]: string[]): JobRun {
  const jobRun = jobRuns.find((one) => one.id === id);
  if (jobRun) return jobRun;
  throw new Refused(`Job run ${id} does not exist in ${definition.id}`, "ResourceNotFoundException", 404);
}

function cancelJobRun(emr: EmrServerless, { ids, query }: Call): object {
  const application = findApplication(emr, ids);
  const jobRun = findJobRun(application, ids);
  const grace = asNumber(query.get("shutdownGracePeriodInSeconds") ?? undefined);
  if (!application.cancel(jobRun, grace === undefined ? undefined : grace * 1000)) {
    throw invalid(`Job run ${jobRun.id} is ${jobRun.state} already and cannot be cancelled`);
  }
  return { applicationId: application.definition.id, jobRunId: jobRun.id };
}

function invalid(message: string): Refused {
  return new Refused(message, "ValidationException");
}
