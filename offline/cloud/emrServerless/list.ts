import { choiceFilter, readPage } from "../core/list";
import { asNumber, asText } from "../core/resources";
import type { Input } from "../core/types";
import { APPLICATION_STATES, type Application } from "./application";
import { summarizeApplication, summarizeJobRun } from "./describe";
import { invalid } from "./errors";
import { JOB_RUN_STATES } from "./jobRun";

const MOST = 50;

/** Newest first. @see https://docs.aws.amazon.com/emr-serverless/latest/APIReference/API_ListJobRuns.html */
export function listJobRuns({ jobRuns }: Application, input: Input): object {
  const isWanted = choiceFilter(input, "states", JOB_RUN_STATES, invalid);
  const mode = asText(input.mode);
  const after = readTime(input, "createdAtAfter") ?? -Infinity;
  const before = readTime(input, "createdAtBefore") ?? Infinity;
  const found = jobRuns.filter(({ state, createdAt, input: given }) => {
    return isWanted(state) && given.mode === (mode ?? given.mode) && createdAt > after && createdAt < before;
  });
  const { page, next } = paginate(found, input, ({ sequence }) => -sequence);
  return { jobRuns: page.map(summarizeJobRun), ...next };
}

/** @see https://docs.aws.amazon.com/emr-serverless/latest/APIReference/API_ListApplications.html */
export function listApplications(applications: Application[], input: Input): object {
  const isWanted = choiceFilter(input, "states", APPLICATION_STATES, invalid);
  const found = applications.filter(({ state }) => isWanted(state));
  const { page, next } = paginate(found, input);
  return { applications: page.map(summarizeApplication), ...next };
}

function paginate<T>(found: T[], input: Input, positionOf?: (one: T) => number) {
  const most = asNumber(input.maxResults) ?? MOST;
  if (most < 1 || most > MOST) throw invalid(`maxResults is ${most}, but must be from 1 to ${MOST}`);
  return readPage(found, most, input, "nextToken", invalid, positionOf);
}

function readTime(input: Input, name: string): number | undefined {
  const text = asText(input[name]);
  if (text === undefined) return undefined;
  const time = Date.parse(text);
  if (Number.isNaN(time)) throw invalid(`${name} is "${text}", but must be a time such as 2026-01-31T00:00:00Z`);
  return time;
}
