import { plainText } from "./json";
import type { Parameter, Response, Routes } from "./router";
import type { JsonSchema } from "./schema";

/** Text that a request may contain. */
export const textSchema = { type: "string", pattern: plainText } as const;

const problemSchema: JsonSchema = {
  title: "Problem",
  type: "object",
  description: "RFC 9457",
  required: ["type", "title", "status", "detail", "instance", "requestId"],
  properties: {
    type: { type: "string", description: "The kind of problem: urn:problem: and a name that never changes" },
    title: { type: "string" },
    status: { type: "integer" },
    detail: { type: "string" },
    instance: { type: "string", description: "The path of the request" },
    requestId: { type: "string" },
    errors: {
      type: "array",
      items: {
        type: "object",
        required: ["detail"],
        properties: {
          pointer: { type: "string", description: "The place in the body: a JSON pointer as a URI fragment" },
          parameter: { type: "string" },
          detail: { type: "string" },
        },
      },
    },
  },
  example: {
    type: "urn:problem:not-found",
    title: "There is no such resource",
    status: 404,
    detail: "There is no item lamp.",
    instance: "/Prod/items/lamp",
    requestId: "9f3b8e0c-4f0e-4c55-9a63-8c1d2f0a7b5e",
  },
};

const everyOperation = {
  "400": "The request cannot be read, or a parameter is not valid",
  "500": "The request failed; the log has the reason under the request id",
  "503": "The service is busy; try again after Retry-After",
};

/** The routes with a tag, under which documentation groups their operations. */
export function tagged<OperationId extends string>(tag: string, routes: Routes<OperationId>): Routes<OperationId> {
  return Object.fromEntries(Object.entries(routes).map(([key, route]) => [key, { ...route, tags: [tag] }]));
}

/**
 * The responses of an API's operations: those for success, and problem documents.
 * @param problems what the statuses of problems mean in this API; those that any operation may return are added
 */
export function responsesWith<Status extends string>(problems: Record<Status, string>) {
  const content = { "application/problem+json": { schema: problemSchema } };
  return (success: Record<string, Response>, ...failures: Status[]): Record<string, Response> => {
    const own = failures.map((status) => [status, problems[status]] as const);
    const failed = [...own, ...Object.entries(everyOperation)];
    return {
      ...success,
      ...Object.fromEntries(failed.map(([status, description]) => [status, { description, content }])),
    };
  };
}

export const idempotentReplayed = {
  description: "true if this repeats the response to an earlier request",
  schema: { type: "string" },
} as const;

/** @param once what is done once, such as "the item is created" */
export function idempotencyKey(once: string): Parameter {
  return {
    in: "header",
    description: `With a key of your own, such as a UUID, the request can be repeated for 24 h: ${once} only once`,
    schema: { type: "string", pattern: "^[!-~]([ -~]{0,253}[!-~])?$" },
  };
}

/** The parameters of a list that is read a page at a time. */
export function pageParameters(noun: string): Record<"limit" | "nextToken", Parameter> {
  return {
    limit: {
      in: "query",
      description: `The maximum number of ${noun}`,
      schema: { type: "integer", minimum: 1, maximum: 100, default: 25 },
    },
    nextToken: {
      in: "query",
      description: "The token from the previous page; the other parameters must stay the same",
      schema: { type: "string", minLength: 1, maxLength: 2048 },
    },
  };
}

/** The schema of a state. @param meanings what each state is, as the end of a sentence that begins with it */
export function stateSchemaOf(title: string, meanings: Record<string, string>): JsonSchema {
  const sentences = Object.entries(meanings).map(([state, meaning]) => `${state}: ${meaning}.`);
  return { title, type: "string", enum: Object.keys(meanings), description: sentences.join(" ") };
}

/** A page of such a list. */
export function pageResponse(noun: string, element: JsonSchema): Response {
  const title = `${noun.charAt(0).toUpperCase()}${noun.slice(1)}Page`;
  const properties: Record<string, JsonSchema> = {
    [noun]: { type: "array", items: element },
    nextToken: { type: "string" },
  };
  const example = { [noun]: element.example === undefined ? [] : [element.example] };
  return {
    description: `A page of ${noun}`,
    content: { "application/json": { schema: { title, type: "object", required: [noun], properties, example } } },
  };
}
