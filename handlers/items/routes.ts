import { entityTagList } from "../http/entityTags";
import {
  idempotencyKey,
  idempotentReplayed,
  pageParameters,
  pageResponse,
  responsesWith,
  tagged,
} from "../http/openapi";
import type { Parameter, Response, Route, Routes } from "../http/router";
import { idSchema, itemInputSchema, itemPatchSchema, itemSchema } from "./schema";

export type ItemOperation = "listItems" | "createItem" | "readItem" | "replaceItem" | "patchItem" | "deleteItem";

const id: Parameter = { in: "path", required: true, schema: idSchema };

const ifMatch: Parameter = {
  in: "header",
  description: "Proceed only if the item has one of these entity tags, otherwise 412",
  schema: entityTagList,
};

const headers = {
  ETag: { description: "Identifies this state of the item", schema: { type: "string" } },
  Location: { description: "The item's URL", schema: { type: "string" } },
  "Idempotent-Replayed": idempotentReplayed,
} satisfies Response["headers"];

const responses = responsesWith({
  "404": "The item does not exist",
  "409": "The id is taken; or, with Retry-After, others are changing the item or using this idempotency key",
  "412": "The item is not in the state that If-Match or If-None-Match requires",
  "413": "The body is larger than 256 KiB, or the item than 400 KB",
  "415": "The body's media type, charset or Content-Encoding is not supported",
  "422": "The body is not a valid item, or the idempotency key belongs to another request",
});

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

/** The items API: what is deployed, what the handler routes and checks by, and what the tests iterate over. */
export const itemsRoutes: Routes<ItemOperation> = tagged("Items", {
  "GET /items": {
    operationId: "listItems",
    summary: "List items",
    description:
      "Returns a page at a time, in no particular order. A page can be short or empty; the last has no nextToken.",
    parameters: pageParameters("items"),
    responses: responses({ "200": pageResponse("items", itemSchema) }),
  },
  "POST /items": {
    operationId: "createItem",
    summary: "Create an item",
    description: "The item gets the id that the body gives it, or a new one.",
    parameters: { "Idempotency-Key": idempotencyKey("the item is created") },
    requestBody: itemBody(),
    responses: responses(
      { "201": item("The created item", "Location", "Idempotent-Replayed") },
      "409",
      "413",
      "415",
      "422",
    ),
  },
  "GET /items/{id}": {
    operationId: "readItem",
    summary: "Get an item",
    description: "With If-None-Match the item is sent only if it has changed.",
    parameters: {
      id,
      "If-Match": ifMatch,
      "If-None-Match": { in: "header", description: "Entity tags that the caller already has", schema: entityTagList },
    },
    responses: responses({ "200": item("The item"), "304": { description: "The item has not changed" } }, "404", "412"),
  },
  "PUT /items/{id}": {
    operationId: "replaceItem",
    summary: "Replace an item, or create it with If-None-Match: *",
    description: "Properties that the body leaves out are removed.",
    parameters: {
      id,
      "If-Match": ifMatch,
      "If-None-Match": {
        in: "header",
        description: "*: create the item, and only if it does not exist",
        schema: { type: "string", enum: ["*"] },
      },
    },
    requestBody: itemBody(),
    responses: responses(
      { "200": item("The updated item"), "201": item("The created item", "Location") },
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
    description:
      "Applies a JSON merge patch (RFC 7396): given properties are set, those that are null are removed, all " +
      "others stay.",
    parameters: { id, "If-Match": ifMatch },
    requestBody: {
      required: true,
      content: {
        "application/merge-patch+json": { schema: itemPatchSchema },
        "application/json": { schema: itemPatchSchema },
      },
    },
    responses: responses({ "200": item("The updated item") }, "404", "409", "412", "413", "415", "422"),
  },
  "DELETE /items/{id}": {
    operationId: "deleteItem",
    summary: "Delete an item",
    description: "With If-Match the item is deleted only if it has not changed.",
    parameters: { id, "If-Match": ifMatch },
    responses: responses({ "204": { description: "The item has been deleted" } }, "404", "412"),
  },
});
