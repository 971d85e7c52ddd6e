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
import { type JobSettings, jobIdSchema, jobInputSchema, jobSchema, statusSchema, submittedJobSchema } from "./schema";
import { summarySchema } from "./summary";

export type JobOperation = "listJobs" | "submitJob" | "readJob" | "terminateJob" | "readSummary";

const id: Parameter = { in: "path", required: true, schema: jobIdSchema };

const responses = responsesWith({
  "404": "The job does not exist, or has no summary; with Retry-After, not yet",
  "409": "A request with this idempotency key is in progress",
  "413": "The job's description is larger than the 30 KiB that AWS Batch accepts",
  "415": "The body's media type, charset or Content-Encoding is not supported",
  "422": "The body does not describe a job that can run, or the idempotency key belongs to another request",
});

const { limit, nextToken } = pageParameters("jobs");

const json = (schema: JsonSchema) => ({ "application/json": { schema } });

/** The jobs API: what is deployed, what the handler routes and checks by, and what the tests iterate over. */
export function jobsRoutes(settings: JobSettings): Routes<JobOperation> {
  return tagged("Jobs", {
    "GET /jobs": {
      operationId: "listJobs",
      summary: "List jobs",
      description: "Returns a page at a time, newest first unless a status is given. The last page has no nextToken.",
      parameters: {
        status: {
          in: "query",
          description: "Return only jobs with this status; without it, all",
          schema: statusSchema,
        },
        limit,
        // It contains AWS Batch's own token.
        nextToken: { ...nextToken, schema: { ...nextToken.schema, maxLength: 4096 } },
      },
      responses: responses({ "200": pageResponse("jobs", jobSchema) }),
    },
    "POST /jobs": {
      operationId: "submitJob",
      summary: "Submit a job",
      description: "The job runs when its turn comes; its status tells how far it is.",
      parameters: { "Idempotency-Key": idempotencyKey("the job is submitted") },
      requestBody: { required: true, content: json(jobInputSchema(settings)) },
      responses: responses(
        {
          "202": {
            description: "The submitted job",
            headers: {
              Location: { description: "The job's URL", schema: { type: "string" } },
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
      summary: "Get a job",
      description: "AWS Batch keeps a job for at least seven days after it has ended.",
      parameters: { id },
      responses: responses({ "200": { description: "The job", content: json(jobSchema) } }, "404"),
    },
    "DELETE /jobs/{id}": {
      operationId: "terminateJob",
      summary: "Stop a job, or keep it from starting",
      description: "A job that runs is told to stop, and has some time to save its progress.",
      parameters: { id },
      responses: responses(
        {
          "202": { description: "The job is being stopped; its status will be FAILED" },
          "204": { description: "The job has already ended" },
        },
        "404",
      ),
    },
    "GET /jobs/{id}/summary": {
      operationId: "readSummary",
      summary: "Get a job's summary",
      description: "Each child of an array has its own summary, under its own id.",
      parameters: { id },
      responses: responses({ "200": { description: "The summary", content: json(summarySchema) } }, "404"),
    },
  });
}
