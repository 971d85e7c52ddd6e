import { AwsError } from "../core/awsError";

export function invalid(what: string): AwsError {
  return new AwsError("InvalidParameterException", `Invalid parameter: ${what}`);
}

export function notFound(what: "Topic" | "Subscription"): AwsError {
  return new AwsError("NotFoundException", `${what} does not exist`);
}
