import { AwsError } from "../core/awsError";

export function invalidParameter(message: string): AwsError {
  return new AwsError("InvalidParameterValueException", message);
}

export function invalidValue(value: unknown, parameter: string, reason: string): AwsError {
  return invalidParameter(`Value ${value} for parameter ${parameter} is invalid. Reason: ${reason}`);
}

export function missingParameter(name: string): AwsError {
  return new AwsError("MissingRequiredParameterException", `The request must contain the parameter ${name}.`);
}

/** @throws AwsError if a number is given that is out of its bounds */
export function checkBounds(value: number | undefined, name: string, min: number, max: number, reason?: string): void {
  if (value === undefined || (value >= min && value <= max)) return;
  throw invalidValue(value, name, reason ?? `Must be >= ${min} and <= ${max}, if provided.`);
}
