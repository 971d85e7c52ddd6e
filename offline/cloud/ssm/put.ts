import { AwsError } from "../core/awsError";
import { DEFAULT_KEY, type Parameter, type Parameters } from "./parameters";

export type PutInput = {
  Name: string;
  Value: string;
  Type?: Parameter["type"];
  Overwrite?: boolean;
  Description?: string;
  AllowedPattern?: string;
  KeyId?: string;
  Tier?: string;
  DataType?: string;
  Tags?: { Key: string; Value: string }[];
};

const NAME = /^(?!\/?(?:aws|ssm))(?:\/?[\w.-]+)(?:\/[\w.-]+)*$/i;
const MAX_LEVELS = 15;
/** In a standard and in an advanced parameter. */
const MAX_STANDARD = 4096;
const MAX_ADVANCED = 8192;

/**
 * PutParameter.
 * @throws AwsError if the API would refuse the request
 * @see https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_PutParameter.html
 */
export function putParameter(parameters: Parameters, input: PutInput): object {
  const { Name, Value, Overwrite = false, Tags = [] } = input;
  const known = parameters.newest(Name);
  checkName(Name);
  if (known && !Overwrite) {
    const message =
      "The parameter already exists. To overwrite this value, set the overwrite option in the request to true.";
    throw new AwsError("ParameterAlreadyExists", message);
  }
  const type = input.Type ?? known?.type;
  if (!type) throw invalid("A parameter type is required when you create a parameter.");
  const allowedPattern = input.AllowedPattern ?? known?.allowedPattern;
  checkPattern(Value, allowedPattern);
  const tier = tierOf(input.Tier ?? known?.tier ?? "Standard", Value);
  const { version } = parameters.put({
    name: Name,
    type,
    value: Value,
    tier,
    dataType: input.DataType ?? known?.dataType ?? "text",
    description: input.Description ?? known?.description,
    allowedPattern,
    keyId: type === "SecureString" ? (input.KeyId ?? known?.keyId ?? DEFAULT_KEY) : undefined,
    tags: { ...known?.tags, ...Object.fromEntries(Tags.map((tag) => [tag.Key, tag.Value])) },
  });
  return { Version: version, Tier: tier };
}

export function checkName(name: string): void {
  if (!NAME.test(name) || (name.includes("/") && !name.startsWith("/"))) throw invalid(NAME_RULE);
  if (name.split("/").length - 1 > MAX_LEVELS) {
    const message = `A parameter hierarchy can have a maximum of ${MAX_LEVELS} levels. For more information, see "Requirements and Constraints for Parameter Names" in the AWS Systems Manager User Guide.`;
    throw new AwsError("HierarchyLevelLimitExceededException", message);
  }
}

const NAME_RULE =
  'The parameter doesn\'t meet the parameter name requirements. The parameter name must begin with a forward slash "/". ' +
  'It can\'t be prefixed with "aws" or "ssm" (case-insensitive). It must use only letters, numbers, or the following ' +
  "symbols: . (period), - (hyphen), _ (underscore). Special characters are not allowed. All sub-paths, if specified, " +
  'must use the forward slash symbol "/". Valid example: /get/parameters2-/by1./path0_.';

function checkPattern(value: string, pattern: string | undefined): void {
  if (!pattern) return;
  let regex: RegExp;
  try {
    regex = new RegExp(pattern);
  } catch {
    const message = `The following regular expression is not valid: ${pattern}`;
    throw new AwsError("InvalidAllowedPatternException", message);
  }
  if (regex.test(value)) return;
  const message = `Parameter value, cannot be validated against allowedPattern: ${pattern}`;
  throw new AwsError("ParameterPatternMismatchException", message);
}

function tierOf(wanted: string, value: string): string {
  const isLarge = Buffer.byteLength(value) > MAX_STANDARD;
  const tier = wanted === "Intelligent-Tiering" ? (isLarge ? "Advanced" : "Standard") : wanted;
  const most = tier === "Advanced" ? MAX_ADVANCED : MAX_STANDARD;
  if (Buffer.byteLength(value) <= most) return tier;
  const larger =
    " To create a larger parameter value, upgrade the parameter to use the advanced-parameter tier. For more information, " +
    "see https://docs.aws.amazon.com/systems-manager/latest/userguide/parameter-store-advanced-parameters.html";
  const kind = tier === "Advanced" ? "Advanced" : "Standard";
  throw invalid(
    `${kind} tier parameters support a maximum parameter value of ${most} characters.${tier === "Advanced" ? "" : larger}`,
  );
}

function invalid(message: string): AwsError {
  return new AwsError("ValidationException", message);
}
