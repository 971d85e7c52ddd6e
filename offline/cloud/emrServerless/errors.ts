import { AwsError } from "../core/awsError";

export function invalid(message: string): AwsError {
  return new AwsError("ValidationException", message);
}
