import type { ValidateFunction } from "ajv";
import type { Document, Operation, Parameter } from "../definition/document";
import { mediaTypeOf } from "../request/mediaTypes";
import type { GatewayRequest } from "../request/request";
import { Rejection } from "../responses/responses";
import { messagesOf } from "./validationMessages";

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

type Read = (request: GatewayRequest, name: string) => string | null | undefined;

/** The places that are checked, in the order in which missing parameters are listed. */
const PLACES: Partial<Record<Parameter["in"], Read>> = {
  header: ({ headers }, name) => headers[name.toLowerCase()]?.toString(),
  path: ({ pathParameters }, name) => pathParameters[name],
  query: ({ query }, name) => query.get(name),
};

function parameterCheck(parameters: Parameter[]): Validator {
  const required = Object.entries(PLACES).flatMap(([place, read]) => {
    const names = parameters.filter((each) => each.in === place && each.required).map(({ name }) => name);
    return names.sort().map((name) => ({ name, read }));
  });
  return (request) => {
    const missing = required.filter(({ name, read }) => !read(request, name)?.trim()).map(({ name }) => name);
    if (missing.length === 0) return;
    throw new Rejection("BAD_REQUEST_PARAMETERS", `Missing required request parameters: [${missing.join(", ")}]`);
  };
}

/** As in API Gateway, a body passes if the operation does not describe its media type. */
function bodyCheck(operation: Operation, document: Document): Validator {
  const validators = new Map<string, ValidateFunction>();
  const content = operation.requestBody?.content ?? contentOf(operation.parameters);
  return ({ headers, body }) => {
    const mediaType = mediaTypeOf(headers["content-type"] ?? "application/json").toLowerCase();
    const schema = content[mediaType]?.schema;
    if (!schema) return;
    const validate = validators.get(mediaType) ?? compileSchema(schema, document);
    validators.set(mediaType, validate);
    if (validate(parseBody(body))) return;
    throw invalidBody(messagesOf(validate.errors ?? []).join(", "));
  };
}

/** Swagger 2.0 has the body among the parameters. */
function contentOf(parameters: Parameter[] = []): Record<string, { schema?: object }> {
  return { "application/json": { schema: parameters.find((each) => each.in === "body")?.schema } };
}

/** How models of an API refer to each other. */
const MODEL = /^https:\/\/apigateway\.amazonaws\.com\/restapis\/[^/]+\/models\/(?=[^/#]+$)/;

/** Compiled on first use: the compiler takes longer to load than the rest of the gateway. */
function compileSchema(schema: object, { components, definitions }: Document): ValidateFunction {
  const { default: Ajv } = require("ajv-draft-04") as typeof import("ajv-draft-04");
  // With ajv's Unicode mode, a pattern must not escape a character that needs no escape, such as `\-`. With AWS it may.
  const ajv = new Ajv({
    strict: false,
    allErrors: true,
    verbose: true,
    validateFormats: false,
    unicodeRegExp: false,
    logger: false,
  });
  const schemas = { ...definitions, ...(components?.schemas ?? {}) };
  const whole = JSON.stringify({ ...schema, components: { ...components, schemas }, definitions });
  try {
    return ajv.compile(
      JSON.parse(whole, (key, value) =>
        key === "$ref" && typeof value === "string" ? value.replace(MODEL, "#/components/schemas/") : value,
      ),
    );
  } catch (error) {
    const explanation = `the schema of the body is not valid: ${(error as Error).message}`;
    throw new Rejection("API_CONFIGURATION_ERROR", "Internal server error", undefined, explanation);
  }
}

function parseBody(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString());
  } catch {
    throw invalidBody("body is not JSON");
  }
}

/** Templates get the reason escaped as inside a JSON string, because they put it between quotes. */
function invalidBody(reason: string): Rejection {
  return new Rejection("BAD_REQUEST_BODY", "Invalid request body", JSON.stringify(`[${reason}]`).slice(1, -1));
}
