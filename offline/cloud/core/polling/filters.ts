import type * as patterns from "../../../../expressions/patterns";
import type { Pattern } from "../../../../expressions/patterns";
import { jsonIn, objectIn } from "../json";
import { isMap } from "../resources";
import type { EventSource } from "../sources";

/** Where a source has its data, which a pattern may be about. */
type DataField = "body" | "data";

/** The filters of an event source mapping or a pipe, as the APIs have them. */
export type FilterCriteria = { Filters?: { Pattern?: string }[] };

/** The patterns of filters, in JSON. */
export function patternsOf({ Filters = [] }: FilterCriteria = {}): string[] {
  return Filters.map(({ Pattern = "" }) => Pattern);
}

interface Filter {
  pattern: Pattern;
  /** What the pattern says about the data: fields of JSON, a list of texts, or nothing. */
  expects?: "json" | "text";
}

/**
 * The filters of an event source mapping or a pipe; one of several is enough.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/invocation-eventfiltering.html
 */
export class Filters {
  private readonly filters: Filter[];

  /**
   * @param texts patterns in JSON
   * @throws Error for a pattern that AWS refuses: the message says what to write instead
   */
  constructor(
    texts: string[],
    private readonly field: DataField,
  ) {
    const { InvalidPatternError, parsePattern } = require("../../../../expressions/patterns") as typeof patterns;
    this.filters = texts.map((text) => {
      try {
        const pattern = parsePattern(text);
        const about = objectIn(text)[field];
        return { pattern, expects: isMap(about) ? "json" : Array.isArray(about) ? "text" : undefined };
      } catch (error) {
        throw error instanceof InvalidPatternError ? new Error(error.explanations.join(" ")) : error;
      }
    });
  }

  /**
   * Whether a record passes. Data and pattern must both be JSON or both be text; else, the record does not pass.
   * @param data the record's, if it has any
   */
  accept(event: object, data?: string): boolean {
    if (this.filters.length === 0) return true;
    const json = data === undefined ? undefined : structureIn(data);
    const whole = data === undefined ? event : { ...event, [this.field]: json ?? data };
    const found = json === undefined ? "text" : "json";
    return this.filters.some(
      ({ pattern, expects = found }) => (data === undefined || expects === found) && pattern.matches(whole),
    );
  }
}

/** The object or list in a text; undefined for any other text. */
export function structureIn(text: string): object | undefined {
  const value = jsonIn(text);
  return typeof value === "object" && value !== null ? value : undefined;
}

/** What is wrong with filters, and what to write instead; undefined if nothing is. */
export function filterMistake(criteria: FilterCriteria | undefined): string | undefined {
  const patterns = patternsOf(criteria);
  if (patterns.length === 0) return undefined;
  try {
    new Filters(patterns, "data");
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}

/** Why no record of a source passes some of its filters, although AWS accepts them; undefined if all can be passed. */
export function unmatchableFilter(kind: EventSource["kind"], filters: string[]): string | undefined {
  if (filters.length === 0) return undefined;
  const { describeMistake, mistakesOf, ...known } = require("../../../../expressions/patterns") as typeof patterns;
  const fields = { sqs: known.QUEUE_MESSAGE, kinesis: known.KINESIS_RECORD, dynamodb: known.TABLE_CHANGE }[kind];
  return filters.flatMap((filter) => mistakesOf(filter, fields).map(describeMistake)).join(" ") || undefined;
}
