import type { AwsError } from "../../core/awsError";
import { validationError } from "../errors";

/** A statement that cannot be parsed. */
export function malformed(reason: string): AwsError {
  return validationError(`Statement wasn't well formed, can't be processed: ${reason}`);
}

/** An operation's refusal of an expression, in the words that DynamoDB has for statements: they say nothing of expressions. */
export function withoutExpression(message: string): string {
  return message.replace(/^Invalid \w+Expression: /, "");
}

export const PARAMETERS_DIFFER = "Number of parameters in request and statement don't match.";
