import { AwsError } from "../core/awsError";

/** The document of an error as DynamoDB answers it. */
export interface ErrorDocument {
  __type: string;
  message?: string;
  Message?: string;
  /** Why a transaction was cancelled, by action. */
  CancellationReasons?: object[];
}

/** An error as DynamoDB answers it; its document is the error's members. */
export function dynamoError(status: number, document: ErrorDocument): AwsError {
  const code = document.__type.replace(/^.*#/, "");
  return new AwsError(code, document.message ?? document.Message ?? code, status, document);
}

/** A fault of ours, not of the request: SDKs try again. */
export function internalServerError(message: string): AwsError {
  return dynamoError(500, { __type: "com.amazonaws.dynamodb.v20120810#InternalServerError", message });
}

/** What dynalite throws, as DynamoDB would answer it. */
export function refusalOf(error: unknown): AwsError {
  if (error instanceof AwsError) return error;
  const { statusCode, body, message } = error as Error & { statusCode?: number; body?: ErrorDocument };
  return statusCode && body ? dynamoError(statusCode, body) : internalServerError(message);
}

export function validationError(message: string): AwsError {
  return dynamoError(400, { __type: "com.amazon.coral.validate#ValidationException", message });
}
