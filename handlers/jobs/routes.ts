import { idempotencyKey, idempotentReplayed, pageParameters, pageResponse, responsesWith } from "../http/openapi";
import type { Parameter, Routes } from "../http/router";
import type { JsonSchema } from "../http/schema";
import { jobIdSchema, jobInputSchema, jobSchema, jobStatuses, submittedJobSchema } from "./schema";
import { summarySchema } from "./summary";

export type JobOperation = "listJobs" | "submitJob" | "readJob" | "terminateJob" | "readSummary";

const id: Parameter = { in: "path", required: true, schema: jobIdSchema };

const responses = responsesWith({
  "404": "There is no such job, or it has no summary; with Retry-After, not yet",
  "409": "A request with this idempotency key is being worked on",
  "413": "The job's description is larger than the 30 KiB that AWS Batch takes",
  "415": "The body has another media type, charset or Content-Encoding",
  "422": "The body does not describe a job that can run, or the idempotency key belongs to another request",
});

const { limit, nextToken } = pageParameters("jobs");

const json = (schema: JsonSchema) => ({ "application/json": { schema } });

/** The jobs API: what is deployed, what the handler routes and checks by, and what the tests go through. */
export const jobsRoutes: Routes<JobOperation> = {
  "GET /jobs": {
    operationId: "listJobs",
    summary: "List jobs",
    description: "A page at a time, the newest first unless a status is asked for. The last page has no nextToken.",
    parameters: {
      status: {
        in: "query",
        description: "Only jobs with this status; without it, all",
        schema: { type: "string", enum: jobStatuses },
      },
      limit,
      // AWS Batch's own token is inside.
      nextToken: { ...nextToken, schema: { ...nextToken.schema, maxLength: 4096 } },
    },
    responses: responses({ "200": pageResponse("jobs", jobSchema) }),
  },
  "POST /jobs": {
    operationId: "submitJob",
    summary: "Submit a job",
    parameters: { "Idempotency-Key": idempotencyKey("the job is submitted") },
    requestBody: { required: true, content: json(jobInputSchema) },
    responses: responses(
      {
        "202": {
          description: "The job as it was submitted",
          headers: {
            Location: { description: "Where the job is", schema: { type: "string" } },
            "Idempotent-Replayed": idempotentReplayed,
          },
          content: json(submittedJobSchema),
        },
      },
      "409",
      "413",
      "415",
      "422",
    ),
  },
  "GET /jobs/{id}": {
    operationId: "readJob",
    summary: "Read how a job fares",
    parameters: { id },
    responses: responses({ "200": { description: "The job", content: json(jobSchema) } }, "404"),
  },
  "DELETE /jobs/{id}": {
    operationId: "terminateJob",
    summary: "Stop a job, or keep it from starting",
    parameters: { id },
    responses: responses(
      {
        "202": { description: "The job is told to stop; its status will be FAILED" },
        "204": { description: "The job is over already" },
      },
      "404",
    ),
  },
  "GET /jobs/{id}/summary": {
    operationId: "readSummary",
    summary: "Read the summary that a job wrote",
    description: "Each child of an array writes its own, under its own id.",
    parameters: { id },
    responses: responses({ "200": { description: "The summary", content: json(summarySchema) } }, "404"),
  },
};
