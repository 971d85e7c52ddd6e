import type { ValidateFunction } from "ajv";
import type { Document, Operation, Parameter } from "./document";
import type { GatewayRequest } from "./request";
import { Rejection } from "./responses";

export type Validator = (request: GatewayRequest) => void;

/**
 * The checks of an operation's request validator; undefined if it has none.
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-method-request-validation.html
 */
export function compileValidator(operation: Operation, document: Document): Validator | undefined {
  const key = "x-amazon-apigateway-request-validator";
  const name = operation[key] ?? document[key];
  const validator = name === undefined ? undefined : document[`${key}s`]?.[name];
  const checks: Validator[] = [];
  if (validator?.validateRequestParameters) checks.push(parameterCheck(operation.parameters ?? []));
  if (validator?.validateRequestBody) checks.push(bodyCheck(operation, document));
  if (checks.length === 0) return undefined;
  return (request) => {
    for (const check of checks) check(request);
  };
}

function parameterCheck(parameters: Parameter[]): Validator {
  const required = parameters.filter((parameter) => parameter.required);
  return (request) => {
    const missing = required.filter((parameter) => !readParameter(parameter, request)?.trim()).map(({ name }) => name);
    if (missing.length === 0) return;
    throw new Rejection("BAD_REQUEST_PARAMETERS", `Missing required request parameters: [${missing.join(", ")}]`);
  };
}

function readParameter(
  { name, in: place }: Parameter,
  { headers, query, pathParameters }: GatewayRequest,
): string | undefined {
  if (place === "path") return pathParameters[name];
  return place === "query" ? (query.get(name) ?? undefined) : headers[name.toLowerCase()]?.toString();
}

/** As in API Gateway, a body passes if the operation does not describe its media type. */
function bodyCheck(operation: Operation, document: Document): Validator {
  const validators = new Map<string, ValidateFunction>();
  const content = operation.requestBody?.content ?? {};
  return ({ headers, body }) => {
    const mediaType = (headers["content-type"] ?? "application/json").replace(/;.*/s, "").trim().toLowerCase();
    const schema = content[mediaType]?.schema;
    if (!schema) return;
    const validate = validators.get(mediaType) ?? compileSchema(schema, document);
    validators.set(mediaType, validate);
    if (validate(parseBody(body))) return;
    const problems = (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath || "body"} ${message}`);
    throw invalidBody(problems.join(", "));
  };
}

/** Compiled on first use: the compiler takes longer to load than the rest of the gateway. */
function compileSchema(schema: object, { components, definitions }: Document): ValidateFunction {
  const { default: Ajv } = require("ajv-draft-04") as typeof import("ajv-draft-04");
  const ajv = new Ajv({ strict: false, allErrors: true, validateFormats: false, logger: false });
  return ajv.compile({ ...schema, components, definitions });
}

function parseBody(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString());
  } catch {
    throw invalidBody("body is not JSON");
  }
}

function invalidBody(reason: string): Rejection {
  return new Rejection("BAD_REQUEST_BODY", "Invalid request body", `[${reason}]`);
}
