import { idempotencyKey, idempotentReplayed, pageParameters, pageResponse, responsesWith } from "../http/openapi";
import type { Parameter, Routes } from "../http/router";
import type { JsonSchema } from "../http/schema";
import { statusSchema, stepIdSchema, stepInputSchema, stepSchema, submittedStepSchema } from "./schema";

export type StepOperation = "listSteps" | "submitStep" | "readStep" | "cancelStep";

const id: Parameter = { in: "path", required: true, schema: stepIdSchema };

const responses = responsesWith({
  "404": "There is no such step",
  "409": "The cluster or application is gone or refuses; or a request with this idempotency key is being worked on",
  "413": "The body is larger than 256 KiB",
  "415": "The body has another media type, charset or Content-Encoding",
  "422": "The body does not say which days, or the idempotency key belongs to another request",
});

const { nextToken } = pageParameters("steps");

const json = (schema: JsonSchema) => ({ "application/json": { schema } });

/** The steps API: what is deployed, what the handler routes and checks by, and what the tests go through. */
export const stepsRoutes: Routes<StepOperation> = {
  "GET /steps": {
    operationId: "listSteps",
    summary: "List steps",
    description: "A page of at most 50 at a time, in EMR's order. The last page has no nextToken.",
    parameters: {
      status: { in: "query", description: "Only steps with this status; without it, all", schema: statusSchema },
      // EMR's own token is inside.
      nextToken: { ...nextToken, schema: { ...nextToken.schema, maxLength: 4096 } },
    },
    responses: responses({ "200": pageResponse("steps", stepSchema) }, "409"),
  },
  "POST /steps": {
    operationId: "submitStep",
    summary: "Summarise the events of some days with Spark",
    description: "Doing a day again replaces its summary.",
    parameters: { "Idempotency-Key": idempotencyKey("the step is submitted") },
    requestBody: { required: true, content: json(stepInputSchema) },
    responses: responses(
      {
        "202": {
          description: "The step as it was submitted",
          headers: {
            Location: { description: "Where the step is", schema: { type: "string" } },
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
    summary: "Read how a step fares",
    parameters: { id },
    responses: responses({ "200": { description: "The step", content: json(stepSchema) } }, "404", "409"),
  },
  "DELETE /steps/{id}": {
    operationId: "cancelStep",
    summary: "Stop a step, or keep it from starting",
    parameters: { id },
    responses: responses(
      {
        "202": { description: "The step is told to stop; its status will be CANCELLED, unless it ends before" },
        "204": { description: "The step is over already" },
      },
      "404",
      "409",
    ),
  },
};
