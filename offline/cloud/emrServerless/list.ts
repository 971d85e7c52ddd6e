import { readPage } from "../core/page";
import { asNumber, asText, asTexts } from "../core/resources";
import type { Input } from "../core/types";
import { APPLICATION_STATES, type Application } from "./application";
import { summarizeApplication, summarizeJobRun } from "./describe";
import { invalid } from "./errors";
import { JOB_RUN_STATES } from "./jobRun";

const MOST = 50;

/** The newest first. @see https://docs.aws.amazon.com/emr-serverless/latest/APIReference/API_ListJobRuns.html */
export function listJobRuns({ jobRuns }: Application, input: Input): object {
  const states = readStates(input, JOB_RUN_STATES);
  const mode = asText(input.mode);
  const after = readTime(input, "createdAtAfter") ?? -Infinity;
  const before = readTime(input, "createdAtBefore") ?? Infinity;
  const found = jobRuns.filter((jobRun) => {
    const { state, createdAt } = jobRun;
    const wanted =
      (states.length === 0 || states.includes(state)) && (mode === undefined || mode === jobRun.input.mode);
    return wanted && createdAt > after && createdAt < before;
  });
  const { page, nextToken } = paginate(found, input, ({ sequence }) => -sequence);
  return { jobRuns: page.map(summarizeJobRun), ...(nextToken && { nextToken }) };
}

/** @see https://docs.aws.amazon.com/emr-serverless/latest/APIReference/API_ListApplications.html */
export function listApplications(applications: Application[], input: Input): object {
  const states = readStates(input, APPLICATION_STATES);
  const found = applications.filter(({ state }) => states.length === 0 || states.includes(state));
  const { page, nextToken } = paginate(found, input);
  return { applications: page.map(summarizeApplication), ...(nextToken && { nextToken }) };
}

function paginate<T>(found: T[], input: Input, positionOf?: (one: T) => number) {
  const most = asNumber(input.maxResults) ?? MOST;
  if (most < 1 || most > MOST) throw invalid(`maxResults is ${most}, but must be from 1 to ${MOST}`);
  try {
    const { page, next } = readPage(found, most, asText(input.nextToken), positionOf);
    return { page, ...(next && { nextToken: next }) };
  } catch (error) {
    throw invalid(`nextToken is not valid: ${(error as Error).message}`);
  }
}

function readStates(input: Input, known: readonly string[]): string[] {
  const states = asTexts(input.states);
  const unknown = states.find((state) => !known.includes(state));
  if (unknown !== undefined) throw invalid(`states has "${unknown}", but must be one of ${known.join(", ")}`);
  return states;
}

function readTime(input: Input, name: string): number | undefined {
  const text = asText(input[name]);
  if (text === undefined) return undefined;
  const time = Date.parse(text);
  if (Number.isNaN(time)) throw invalid(`${name} is "${text}", but must be a time such as 2026-01-31T00:00:00Z`);
  return time;
}
