import { account } from "../../engine/context";
import { partitionOf } from "../../engine/partition";
import { AwsError } from "../core/awsError";

/** A function as a caller names it. */
export interface Reference {
  name: string;
  /** A version or an alias. */
  qualifier?: string;
  /** Of an ARN. */
  region?: string;
}

/** As in Lambda's API model. */
const NAME =
  "(arn:(aws[a-zA-Z-]*)?:lambda:)?((eusc-)?[a-z]{2}((-gov)|(-iso([a-z]?)))?-[a-z]+-\\d{1}:)?(\\d{12}:)?(function:)?([a-zA-Z0-9-_\\.]+)(:(\\$LATEST(\\.PUBLISHED)?|[a-zA-Z0-9-_]+))?";
const QUALIFIER = "\\$(LATEST(\\.PUBLISHED)?)|[a-zA-Z0-9-_$]+";
const MAX_NAME = 256;
const MAX_QUALIFIER = 128;

const PARTS =
  /^(?:arn:[^:]*:lambda:)?(?:(?<region>[a-z]+-[a-z-]+-\d):)?(?:\d{12}:)?(?:function:(?=.))?(?<name>[^:]+)(?::(?<inName>.+))?$/;

/**
 * Reads a name, an ARN or a part of one, with the qualifier that it may end in or that is given beside it.
 * @throws AwsError ValidationException with all mistakes, or InvalidParameterValueException for two different qualifiers
 */
export function readReference(text: string, given?: string): Reference {
  const mistakes = [
    ...(given === undefined ? [] : mistakesIn("qualifier", given, MAX_QUALIFIER, QUALIFIER)),
    ...mistakesIn("functionName", text, MAX_NAME, NAME),
  ];
  if (mistakes.length > 0) throw validationError(mistakes);
  const { region, name = "", inName } = PARTS.exec(text)?.groups ?? {};
  if (given !== undefined && inName !== undefined && given !== inName) {
    const message = "The derived qualifier from the function name does not match the specified qualifier.";
    throw new AwsError("InvalidParameterValueException", message, 400, { Type: "User" });
  }
  return { name, qualifier: given ?? inName, region };
}

/** The error for a function, version or alias that does not exist. */
export function notFound({ name, qualifier = "$LATEST" }: Reference, region: string): AwsError {
  const { partition } = partitionOf(region);
  const message = `Function not found: arn:${partition}:lambda:${region}:${account}:function:${name}:${qualifier}`;
  return new AwsError("ResourceNotFoundException", message, 404, { Type: "User" });
}

/** The error for a value that is not among those of an enumeration; undefined if it is. */
export function mistakeOfChoice(member: string, value: string, choices: string[]): string | undefined {
  if (choices.includes(value)) return undefined;
  return mistake(member, value, `Member must satisfy enum value set: [${choices.join(", ")}]`);
}

/** How Lambda reports values that its API model does not allow. */
export function validationError(mistakes: string[]): AwsError {
  const count = mistakes.length === 1 ? "1 validation error" : `${mistakes.length} validation errors`;
  return new AwsError("ValidationException", `${count} detected: ${mistakes.join("; ")}`);
}

function mistakesIn(member: string, value: string, most: number, pattern: string): string[] {
  return [
    value.length > most && mistake(member, value, `Member must have length less than or equal to ${most}`),
    !new RegExp(`^(?:${pattern})$`).test(value) &&
      mistake(member, value, `Member must satisfy regular expression pattern: ${pattern}`),
  ].filter((text) => text !== false);
}

function mistake(member: string, value: string, constraint: string): string {
  return `Value '${value}' at '${member}' failed to satisfy constraint: ${constraint}`;
}
