import { pageParameters, pageResponse, responsesWith, tagged } from "../http/openapi";
import type { Parameter, Routes } from "../http/router";
import { changedInstanceSchema, instanceIdSchema, instanceSchema, stateSchema } from "./schema";

export type InstanceOperation = "listInstances" | "startInstance" | "stopInstance";

const id: Parameter = { in: "path", required: true, schema: instanceIdSchema };

const responses = responsesWith({
  "404": "The instance does not exist, or does not have the tag of those that this API manages",
  "409": "The instance is in a state, or of a kind, in which EC2 does not do this",
});

const { limit, nextToken } = pageParameters("instances");

/** A change takes a minute or so; whoever repeats the request gets the same answer. */
const changing = (description: string) =>
  responses(
    { "202": { description, content: { "application/json": { schema: changedInstanceSchema } } } },
    "404",
    "409",
  );

/**
 * The instances API: what is deployed, what the handler routes and checks by, and what the tests iterate over. Its
 * callers must have permission, whatever the rest of the API demands.
 */
export const instancesRoutes: Routes<InstanceOperation> = tagged("Instances", {
  "GET /instances": {
    operationId: "listInstances",
    auth: "iam",
    summary: "List instances",
    description:
      "Returns a page at a time, in EC2's order. A page may have fewer instances than its limit. The last page has no nextToken.",
    parameters: {
      state: { in: "query", description: "Return only instances in this state; without it, all", schema: stateSchema },
      // EC2's pages have five at least.
      limit: { ...limit, schema: { ...limit.schema, minimum: 5 } },
      // It contains EC2's own token.
      nextToken: { ...nextToken, schema: { ...nextToken.schema, maxLength: 4096 } },
    },
    responses: responses({ "200": pageResponse("instances", instanceSchema) }),
  },
  "POST /instances/{id}/start": {
    operationId: "startInstance",
    auth: "iam",
    summary: "Start an instance",
    description: "An instance that runs or starts already stays as it is.",
    parameters: { id },
    responses: changing("The instance starts, or runs already"),
  },
  "POST /instances/{id}/stop": {
    operationId: "stopInstance",
    auth: "iam",
    summary: "Stop an instance",
    description: "An instance that has stopped, or is being stopped, stays as it is.",
    parameters: { id },
    responses: changing("The instance is being stopped, or has stopped already"),
  },
});
