import { ownArn } from "../core/arns";
import { AwsError } from "../core/awsError";

/** A function as a caller names it. */
export interface Reference {
  name: string;
  /** A version or an alias. */
  qualifier?: string;
  /** Of an ARN. */
  region?: string;
}

const PARTS =
  /^(?:arn:[^:]*:lambda:)?(?:(?<region>[a-z]+-[a-z-]+-\d):)?(?:\d{12}:)?(?:function:(?=.))?(?<name>[^:]+)(?::(?<inName>.+))?$/;

/**
 * Reads a name, an ARN or a part of one, with the qualifier that it may end in or that is given beside it.
 * @param region that of the request
 * @throws AwsError InvalidParameterValueException for two different qualifiers, ResourceNotFoundException for another region
 */
export function readReference(text: string, given?: string, region?: string): Reference {
  const { region: own, name = "", inName } = PARTS.exec(text)?.groups ?? {};
  if (given !== undefined && inName !== undefined && given !== inName) {
    throw invalid("The derived qualifier from the function name does not match the specified qualifier.");
  }
  if (region && own && own !== region) {
    throw missing(`Functions from '${own}' are not reachable in this region ('${region}')`);
  }
  return { name, qualifier: given ?? inName, region: own };
}

/** The ARN of a function, or of one of its versions and aliases, whether it exists or not. */
export function arnOf({ name, qualifier }: Reference, region: string): string {
  return ownArn("lambda", region, `function:${name}${qualifier === undefined ? "" : `:${qualifier}`}`);
}

/** The error for a function, version or alias that does not exist. */
export function notFound(reference: Reference, region: string): AwsError {
  return missing(`Function not found: ${arnOf(reference, region)}`);
}

export function missing(message: string): AwsError {
  return new AwsError("ResourceNotFoundException", message, 404, { Type: "User" });
}

export function invalid(message: string): AwsError {
  return new AwsError("InvalidParameterValueException", message, 400, { Type: "User" });
}
