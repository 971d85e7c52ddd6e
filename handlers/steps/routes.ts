import {
  idempotencyKey,
  idempotentReplayed,
  pageParameters,
  pageResponse,
  responsesWith,
  tagged,
} from "../http/openapi";
import type { Parameter, Routes } from "../http/router";
import type { JsonSchema } from "../http/schema";
import { statusSchema, stepIdSchema, stepInputSchema, stepSchema, submittedStepSchema } from "./schema";

export type StepOperation = "listSteps" | "submitStep" | "readStep" | "cancelStep";

const id: Parameter = { in: "path", required: true, schema: stepIdSchema };

const responses = responsesWith({
  "404": "The step does not exist",
  "409":
    "The cluster or application is gone or refuses the request; or a request with this idempotency key is " +
    "in progress",
  "413": "The body is larger than 256 KiB",
  "415": "The body's media type, charset or Content-Encoding is not supported",
  "422": "The body does not specify the days, or the idempotency key belongs to another request",
});

const { nextToken } = pageParameters("steps");

const json = (schema: JsonSchema) => ({ "application/json": { schema } });

/** The steps API: what is deployed, what the handler routes and checks by, and what the tests iterate over. */
export const stepsRoutes: Routes<StepOperation> = tagged("Steps", {
  "GET /steps": {
    operationId: "listSteps",
    summary: "List steps",
    description: "Returns a page of at most 50 at a time, in EMR's order. The last page has no nextToken.",
    parameters: {
      status: { in: "query", description: "Return only steps with this status; without it, all", schema: statusSchema },
      // It contains EMR's own token.
      nextToken: { ...nextToken, schema: { ...nextToken.schema, maxLength: 4096 } },
    },
    responses: responses({ "200": pageResponse("steps", stepSchema) }, "409"),
  },
  "POST /steps": {
    operationId: "submitStep",
    summary: "Summarise the events of some days with Spark",
    description: "Summarising a day again replaces its summary.",
    parameters: { "Idempotency-Key": idempotencyKey("the step is submitted") },
    requestBody: { required: true, content: json(stepInputSchema) },
    responses: responses(
      {
        "202": {
          description: "The submitted step",
          headers: {
            Location: { description: "The step's URL", schema: { type: "string" } },
            "Idempotent-Replayed": idempotentReplayed,
          },
          content: json(submittedStepSchema),
        },
      },
      "409",
      "413",
      "415",
      "422",
    ),
  },
  "GET /steps/{id}": {
    operationId: "readStep",
    summary: "Get a step",
    description: "Its status tells whether Spark has summarised the days.",
    parameters: { id },
    responses: responses({ "200": { description: "The step", content: json(stepSchema) } }, "404", "409"),
  },
  "DELETE /steps/{id}": {
    operationId: "cancelStep",
    summary: "Stop a step, or keep it from starting",
    description: "What Spark has written by then stays.",
    parameters: { id },
    responses: responses(
      {
        "202": { description: "The step is being stopped; its status will be CANCELLED unless it ends first" },
        "204": { description: "The step has already ended" },
      },
      "404",
      "409",
    ),
  },
});
