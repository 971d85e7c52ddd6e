import { entityTagList } from "./entityTags";
import { idSchema, itemInputSchema, itemSchema } from "./item";
import type { Parameter, Response, Route, Routes } from "./router";
import type { JsonSchema } from "./schema";

export type ItemOperation = "listItems" | "createItem" | "readItem" | "replaceItem" | "patchItem" | "deleteItem";

const id: Parameter = { in: "path", required: true, schema: idSchema };

const ifMatch: Parameter = {
  in: "header",
  description: "Only while the item has one of these entity tags, else 412",
  schema: entityTagList,
};

const problemSchema: JsonSchema = {
  type: "object",
  description: "RFC 9457",
  required: ["type", "title", "status", "detail", "instance", "requestId"],
  properties: {
    type: { type: "string", description: "What kind of problem: urn:problem: and a name that never changes" },
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
};

const headers = {
  ETag: { description: "Names this state of the item", schema: { type: "string" } },
  Location: { description: "Where the item is", schema: { type: "string" } },
  "Idempotent-Replayed": { description: "true when this answers an earlier request again", schema: { type: "string" } },
} satisfies Response["headers"];

const problems = {
  "400": "The request cannot be read, or a parameter is not valid",
  "404": "There is no such item",
  "409": "The id is taken; or, with Retry-After, others are at work on the item or with this idempotency key",
  "412": "The item is not in the state that If-Match or If-None-Match demands",
  "413": "The body is larger than 256 KiB, or the item than 400 KB",
  "415": "The body has another media type, charset or Content-Encoding",
  "422": "The body is not a valid item, or the idempotency key belongs to another request",
  "500": "The request failed; the request id finds the reason in the log",
  "503": "Busy; try again after Retry-After",
};

type ProblemStatus = keyof typeof problems;

function responses(success: Record<string, Response>, ...failures: ProblemStatus[]): Record<string, Response> {
  const content = { "application/problem+json": { schema: problemSchema } };
  const failed = ["400", ...failures, "500", "503"] as ProblemStatus[];
  return {
    ...success,
    ...Object.fromEntries(failed.map((status) => [status, { description: problems[status], content }])),
  };
}

function item(description: string, ...names: (keyof typeof headers)[]): Response {
  return {
    description,
    headers: Object.fromEntries(["ETag" as const, ...names].map((name) => [name, headers[name]])),
    content: { "application/json": { schema: itemSchema } },
  };
}

function itemBody(): Route["requestBody"] {
  return { required: true, content: { "application/json": { schema: itemInputSchema } } };
}

/** The items API: what is deployed, what the handler routes and checks by, and what the tests go through. */
export const itemsRoutes: Routes<ItemOperation> = {
  "GET /items": {
    operationId: "listItems",
    summary: "List items",
    description: "A page at a time, in no particular order. A page can be short or empty; the last has no nextToken.",
    parameters: {
      limit: {
        in: "query",
        description: "How many items at most",
        schema: { type: "integer", minimum: 1, maximum: 100, default: 25 },
      },
      nextToken: {
        in: "query",
        description: "From the page before; the other parameters stay the same",
        schema: { type: "string", minLength: 1, maxLength: 2048 },
      },
    },
    responses: responses({
      "200": {
        description: "A page of items",
        content: {
          "application/json": {
            schema: {
              type: "object",
              required: ["items"],
              properties: { items: { type: "array", items: itemSchema }, nextToken: { type: "string" } },
            },
          },
        },
      },
    }),
  },
  "POST /items": {
    operationId: "createItem",
    summary: "Create an item",
    parameters: {
      "Idempotency-Key": {
        in: "header",
        description:
          "With a key of your own, such as a UUID, the request can be sent again for 24 h: the item is created once",
        schema: { type: "string", pattern: "^[ -~]{1,255}$" },
      },
    },
    requestBody: itemBody(),
    responses: responses(
      { "201": item("The item as it was created", "Location", "Idempotent-Replayed") },
      "409",
      "413",
      "415",
      "422",
    ),
  },
  "GET /items/{id}": {
    operationId: "readItem",
    summary: "Read an item",
    parameters: {
      id,
      "If-Match": ifMatch,
      "If-None-Match": { in: "header", description: "Entity tags that are known already", schema: entityTagList },
    },
    responses: responses(
      { "200": item("The item"), "304": { description: "The item is as it is known" } },
      "404",
      "412",
    ),
  },
  "PUT /items/{id}": {
    operationId: "replaceItem",
    summary: "Replace an item, or with If-None-Match: * create it",
    parameters: {
      id,
      "If-Match": ifMatch,
      "If-None-Match": {
        in: "header",
        description: "*: create the item, and only if there is none",
        schema: { type: "string", pattern: "^\\*$" },
      },
    },
    requestBody: itemBody(),
    responses: responses(
      { "200": item("The item as it is now"), "201": item("The item as it was created", "Location") },
      "404",
      "412",
      "413",
      "415",
      "422",
    ),
  },
  "PATCH /items/{id}": {
    operationId: "patchItem",
    summary: "Change parts of an item",
    description: "A JSON merge patch (RFC 7396): what is there is set, what is null is removed, all else stays.",
    parameters: { id, "If-Match": ifMatch },
    requestBody: {
      required: true,
      content: {
        "application/merge-patch+json": { schema: { type: "object" } },
        "application/json": { schema: { type: "object" } },
      },
    },
    responses: responses({ "200": item("The item as it is now") }, "404", "409", "412", "413", "415", "422"),
  },
  "DELETE /items/{id}": {
    operationId: "deleteItem",
    summary: "Delete an item",
    parameters: { id, "If-Match": ifMatch },
    responses: responses({ "204": { description: "The item is gone" } }, "404", "412"),
  },
};
