import { createHmac, randomBytes } from "node:crypto";
import { AwsError } from "../core/awsError";
import type { OperationCall } from "../core/declaration";
import { defineService } from "../core/defineService";
import { type Filter, fitting, isBelow } from "./filters";
import type { Parameter, Parameters } from "./parameters";
import { checkName, putParameter } from "./put";

type Decrypted = { WithDecryption?: boolean };
type PathInput = Decrypted & { Path: string; Recursive?: boolean; ParameterFilters?: Filter[] };
type DescribeInput = { Filters?: Filter[]; ParameterFilters?: Filter[] };

/**
 * The Parameter Store of AWS Systems Manager, with the program's parameters.
 * @see https://docs.aws.amazon.com/systems-manager/latest/APIReference/Welcome.html
 */
export const ssm = defineService<Parameters>("ssm", {
  GetParameter: (parameters, { Name, WithDecryption }: Decrypted & { Name: string }) => {
    const { parameter, selector } = parameters.find(Name);
    return { Parameter: show(parameter, WithDecryption, selector) };
  },
  GetParameters: getParameters,
  GetParametersByPath: getParametersByPath,
  DescribeParameters: (parameters, { Filters = [], ParameterFilters = [] }: DescribeInput, { page }) =>
    page(
      parameters.all.filter(
        fitting([...Filters.map((one) => ({ ...one, Option: "BeginsWith" })), ...ParameterFilters]),
      ),
      { show: describe, positionOf: ({ name }) => name },
    ),
  PutParameter: putParameter,
});

function getParameters(parameters: Parameters, { Names, WithDecryption }: Decrypted & { Names: string[] }): object {
  const InvalidParameters: string[] = [];
  const found = [...new Set(Names)].flatMap((name) => {
    try {
      const { parameter, selector } = parameters.find(name);
      return [show(parameter, WithDecryption, selector)];
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      InvalidParameters.push(name);
      return [];
    }
  });
  return { Parameters: found, InvalidParameters };
}

function getParametersByPath(parameters: Parameters, input: PathInput, { page }: OperationCall): object {
  const { Path, Recursive = false, ParameterFilters, WithDecryption } = input;
  if (Path !== "/") checkName(Path.startsWith("/") ? Path.replace(/\/$/, "") : `/ ${Path}`);
  const found = parameters.all.filter(fitting(ParameterFilters)).filter(({ name }) => isBelow(name, Path, Recursive));
  return page(found, { show: (one) => show(one, WithDecryption), positionOf: ({ name }) => name });
}

function show(parameter: Parameter, decrypted: boolean | undefined, selector?: string): object {
  const { name, type, value, version, modifiedAt, arn, dataType } = parameter;
  return {
    Name: name,
    Type: type,
    Value: type === "SecureString" && !decrypted ? encrypted(parameter) : value,
    Version: version,
    Selector: selector,
    LastModifiedDate: modifiedAt,
    ARN: arn,
    DataType: dataType,
  };
}

/** New in each run, so that nobody finds a value by its ciphertext. */
const KEY = randomBytes(32);

/** Text like a ciphertext of KMS. */
function encrypted({ arn, version, value }: Parameter): string {
  const hash = createHmac("sha512", KEY)
    .update(JSON.stringify([arn, version, value]))
    .digest("base64");
  return `AQICAHg${hash}`;
}

function describe(parameter: Parameter): object {
  const { name, arn, type, keyId, modifiedAt, description, allowedPattern, version, tier, dataType } = parameter;
  return {
    Name: name,
    ARN: arn,
    Type: type,
    KeyId: keyId,
    LastModifiedDate: modifiedAt,
    Description: description,
    AllowedPattern: allowedPattern,
    Version: version,
    Tier: tier,
    Policies: [],
    DataType: dataType,
  };
}
