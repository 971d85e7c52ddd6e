import { readPage } from "../core/page";
import { Refused } from "../core/refused";
import { asNumber } from "../core/resources";
import { APPLICATION_STATES, type Application } from "./application";
import { summarizeApplication, summarizeJobRun } from "./describe";
import { JOB_RUN_STATES } from "./jobRun";

const MOST = 50;

/** The newest first. @see https://docs.aws.amazon.com/emr-serverless/latest/APIReference/API_ListJobRuns.html */
export function listJobRuns({ jobRuns }: Application, query: URLSearchParams): object {
  const states = readStates(query, JOB_RUN_STATES);
  const mode = query.get("mode");
  const after = readTime(query, "createdAtAfter") ?? -Infinity;
  const before = readTime(query, "createdAtBefore") ?? Infinity;
  const found = jobRuns.filter(({ state, createdAt, request }) => {
    const wanted = (states.length === 0 || states.includes(state)) && (mode === null || mode === request.mode);
    return wanted && createdAt > after && createdAt < before;
  });
  const { page, nextToken } = paginate(found, query, ({ sequence }) => -sequence);
  return { jobRuns: page.map(summarizeJobRun), ...(nextToken && { nextToken }) };
}

/** @see https://docs.aws.amazon.com/emr-serverless/latest/APIReference/API_ListApplications.html */
export function listApplications(applications: Application[], query: URLSearchParams): object {
  const states = readStates(query, APPLICATION_STATES);
  const found = applications.filter(({ state }) => states.length === 0 || states.includes(state));
  const { page, nextToken } = paginate(found, query);
  return { applications: page.map(summarizeApplication), ...(nextToken && { nextToken }) };
}

function paginate<T>(found: T[], query: URLSearchParams, positionOf?: (one: T) => number) {
  const most = asNumber(query.get("maxResults") ?? undefined) ?? MOST;
  if (most < 1 || most > MOST) throw invalid(`maxResults is ${most}, but must be from 1 to ${MOST}`);
  try {
    const { page, next } = readPage(found, most, query.get("nextToken") ?? undefined, positionOf);
    return { page, ...(next && { nextToken: next }) };
  } catch (error) {
    throw invalid(`nextToken is not valid: ${(error as Error).message}`);
  }
}

function readStates(query: URLSearchParams, known: readonly string[]): string[] {
  const states = query.getAll("states");
  const unknown = states.find((state) => !known.includes(state));
  if (unknown !== undefined) throw invalid(`states has "${unknown}", but there is ${known.join(", ")}`);
  return states;
}

function readTime(query: URLSearchParams, name: string): number | undefined {
  const text = query.get(name);
  if (text === null) return undefined;
  const time = Date.parse(text);
  if (Number.isNaN(time)) throw invalid(`${name} is "${text}", but must be a time such as 2026-01-31T00:00:00Z`);
  return time;
}

function invalid(message: string): Refused {
  return new Refused(message, "ValidationException");
}
