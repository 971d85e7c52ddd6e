import { AwsError } from "../core/awsError";

/** AWS Batch has one code for all errors of the caller. */
export function clientException(message: string): AwsError {
  return new AwsError("ClientException", message);
}
