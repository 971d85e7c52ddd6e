import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import { errorFields } from "../http/problem";

/**
 * For every client of a function: three attempts of at most 3 s end before the function's own timeout, so that the
 * caller gets a response; without `throwOnRequestTimeout` the SDK only warns.
 */
export const clientOptions = {
  maxAttempts: 3,
  requestHandler: { connectionTimeout: 1000, requestTimeout: 3000, throwOnRequestTimeout: true },
};

/**
 * One client for the life of the function.
 * @see https://docs.aws.amazon.com/sdk-for-javascript/v3/developer-guide/node-reusing-connections.html
 */
export const database = DynamoDBDocumentClient.from(new DynamoDBClient(clientOptions), {
  marshallOptions: { removeUndefinedValues: true },
});

/** The result of the work, or undefined if the write's condition does not hold. */
export async function ifConditionHolds<Result>(work: Promise<Result>): Promise<Result | undefined> {
  return work.catch((error: unknown) => {
    if (errorFields(error).name === "ConditionalCheckFailedException") return undefined;
    throw error;
  });
}

/** An environment variable that the function requires. */
export function environment(name: string): string {
  const value = process.env[name];
  if (!value)
    throw new Error(`The environment variable ${name} is not set; give the function the access of what it names.`);
  return value;
}
