/** The settings in the job's environment. */
export interface Settings {
  itemsTable: string;
  summariesTable: string;
  /** The job's id; an array's child has its parent's, a colon and its index. */
  id: string;
  /** Counted from 1. */
  attempt: number;
  /** The part of the table that a child of an array reads. */
  segment?: { index: number; size: number };
  /** Read only items of this category. */
  category?: string;
  /** Read capacity units of the table that the scan may consume in a second. */
  readUnitsPerSecond?: number;
}

/** The job cannot run with its environment, however often it is tried. */
export class InvalidEnvironment extends Error {}

/**
 * The settings in the environment: TABLE_NAME, SUMMARIES_TABLE_NAME, the optional CATEGORY and READ_UNITS_PER_SECOND,
 * and what AWS Batch sets.
 * @throws InvalidEnvironment with every mistake
 * @see https://docs.aws.amazon.com/batch/latest/userguide/job_env_vars.html
 */
export function readSettings(environment: NodeJS.ProcessEnv): Settings {
  const mistakes: string[] = [];
  const text = (name: string, giver: string): string => {
    const value = environment[name];
    if (!value) mistakes.push(`${name} is not set; ${giver}`);
    return value ?? "";
  };
  const number = (name: string, meaning: string, valid: (value: number) => boolean): number | undefined => {
    const value = environment[name];
    if (!value) return undefined;
    if (!valid(Number(value))) mistakes.push(`${name} is "${value}"; write ${meaning}`);
    return Number(value);
  };
  const atLeast = (least: number) => (value: number) => Number.isInteger(value) && value >= least;

  const index = number("AWS_BATCH_JOB_ARRAY_INDEX", "an integer from 0", atLeast(0));
  const size = number("AWS_BATCH_JOB_ARRAY_SIZE", "an integer above the index", atLeast((index ?? 0) + 1));
  if (index !== undefined && size === undefined) {
    mistakes.push("AWS_BATCH_JOB_ARRAY_SIZE is not set, although AWS_BATCH_JOB_ARRAY_INDEX is; write the array's size");
  }
  const settings: Settings = {
    itemsTable: text("TABLE_NAME", "write the name of the items' table"),
    summariesTable: text("SUMMARIES_TABLE_NAME", "write the name of the summaries' table"),
    id: text("AWS_BATCH_JOB_ID", "AWS Batch sets it; elsewhere write any id"),
    attempt: number("AWS_BATCH_JOB_ATTEMPT", "an integer from 1", atLeast(1)) ?? 1,
    segment: index === undefined || size === undefined ? undefined : { index, size },
    category: environment.CATEGORY || undefined,
    readUnitsPerSecond: number("READ_UNITS_PER_SECOND", "a number above 0", (value) => value > 0),
  };
  if (mistakes.length > 0) throw new InvalidEnvironment(mistakes.join("\n"));
  return settings;
}
