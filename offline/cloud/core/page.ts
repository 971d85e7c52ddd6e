import { createHmac, randomBytes } from "node:crypto";
import { AwsError } from "./awsError";
import { type Model, type Operation, shapeOf } from "./model";
import type { Input } from "./types";

export interface PageOptions<T> {
  /** The largest page, and the one of callers who set no limit. @default the limit's maximum in the model, or 100 */
  most?: number;
  /** The code of the error for a token of another query. @default the operation's, if the model has one, or the protocol's */
  invalid?: string;
  /** Where an entry stands; it must stay valid while entries come and go between pages. @default its index */
  positionOf?(one: T, index: number): number | string;
  /** An entry as the answer has it. @default as it is */
  show?(one: T): unknown;
}

type Position = number | string;

/** Tokens are signed with it, so that nobody makes one up. */
const KEY = randomBytes(32);

/**
 * The page that a caller asks for, as the members of an answer: the entries, and the token of the next page if there is
 * one. Their names, and those of token and limit in the input, are the model's.
 * @throws AwsError for a token of another query
 */
export function paginate<T>(model: Model, operation: string, input: Input, all: T[], options: PageOptions<T>): object {
  const paginator = model.pagination[operation];
  if (!paginator) throw new Error(`The model has no paginator for ${operation}`);
  const { input_token, output_token, limit_key = "", result_key } = paginator;
  const { [input_token]: token, [limit_key]: limit, ...query } = input;
  const { most = maximum(model, operation, limit_key), positionOf = (_: T, index: number) => index } = options;
  const sign = (position: Position) => tokenOf(position, operation, query);
  const after = token === undefined ? undefined : positionIn(String(token));
  if (token !== undefined && (after === undefined || sign(after) !== token)) {
    throw new AwsError(
      codeFor(model.operations[operation], options.invalid),
      `The specified ${input_token} is invalid.`,
    );
  }
  const rest = all
    .map((one, index) => ({ one, position: positionOf(one, index) }))
    .filter(({ position }) => after === undefined || position > after)
    .sort((one, other) => (one.position < other.position ? -1 : 1));
  const page = rest.slice(0, Math.min(Number(limit ?? most), most));
  const last = page.at(-1);
  return {
    [String([result_key].flat()[0])]: page.map(({ one }) => (options.show ? options.show(one) : one)),
    ...(last && page.length < rest.length && { [output_token]: sign(last.position) }),
  };
}

function maximum(model: Model, operation: string, limit: string): number {
  const { input } = model.operations[operation] ?? {};
  const member = input && shapeOf(model, input.shape).members?.[limit];
  return (member && shapeOf(model, member.shape).max) ?? 100;
}

function tokenOf(position: Position, operation: string, query: Input): string {
  const text = JSON.stringify(position);
  const bound = createHmac("sha256", KEY)
    .update(JSON.stringify([text, operation, query]))
    .digest("base64url");
  return Buffer.from(`${bound.slice(0, 22)}${text}`).toString("base64url");
}

function positionIn(token: string): Position | undefined {
  try {
    const position: unknown = JSON.parse(Buffer.from(token, "base64url").toString().slice(22));
    return typeof position === "number" || typeof position === "string" ? position : undefined;
  } catch {
    return undefined;
  }
}

/** Some services have an error for tokens, others one for every wrong value. */
function codeFor({ errors = [] }: Operation = {}, otherwise = "ValidationException"): string {
  const names = errors.map(({ shape }) => shape);
  const first = (pattern: RegExp) => names.find((name) => pattern.test(name));
  return first(/Token/) ?? first(/^(Validation|InvalidParameter|InvalidRequest|Client)/) ?? otherwise;
}
