import { pageParameters, pageResponse, responsesWith, tagged } from "../http/openapi";
import type { Parameter, Routes } from "../http/router";
import { runIdSchema, runSchema, stateSchema } from "./schema";

export type RunOperation = "listRuns" | "readRun";

const id: Parameter = { in: "path", required: true, schema: runIdSchema };

const responses = responsesWith({ "404": "The run does not exist, or its record has expired" });

const { limit, nextToken } = pageParameters("runs");

/** The runs API: what is deployed, what the handler routes and checks by, and what the tests iterate over. */
export const runsRoutes: Routes<RunOperation> = tagged("Runs", {
  "GET /runs": {
    operationId: "listRuns",
    summary: "List runs",
    description:
      "Returns a page at a time: the newest first if a state is given, otherwise in no particular order. The last page has no nextToken.",
    parameters: {
      state: { in: "query", description: "Return only runs in this state; without it, all", schema: stateSchema },
      limit,
      nextToken,
    },
    responses: responses({ "200": pageResponse("runs", runSchema) }),
  },
  "GET /runs/{id}": {
    operationId: "readRun",
    summary: "Get a run",
    description: "A run is the work on one version of an object, with all attempts at it.",
    parameters: { id },
    responses: responses(
      { "200": { description: "The run", content: { "application/json": { schema: runSchema } } } },
      "404",
    ),
  },
});
