import { AwsError } from "../core/awsError";

export function invalid(message: string): AwsError {
  return new AwsError("ValidationException", message);
}

/** What the newer operations answer instead. */
export function invalidRequest(message: string): AwsError {
  return new AwsError("InvalidRequestException", message);
}
