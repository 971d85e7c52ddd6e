import { randomUUID } from "node:crypto";
import { mayBeDone, settling } from "pulumi-graviton/batch/submission/submitOnce";
import { Problem } from "../http/problem";
import { rejectMistakes } from "../http/request";
import type { Operation, Reply, Request } from "../http/restApi";
import type { Idempotency } from "../state/idempotency";
import type { PageTokens } from "../state/pageTokens";
import type { StepPlatform } from "./platform";
import type { StepOperation } from "./routes";
import { dayArguments, dayMistakes, isOver, type Step, type StepInput, type StepStatus } from "./schema";

export interface StepServices {
  platform: StepPlatform;
  /** The S3 addresses that events are read from and summaries are written to. */
  events: string;
  summaries: string;
  pageTokens: PageTokens;
  idempotency: Idempotency;
}

/** What the API does with steps, one function per route. */
export function stepOperations(services: StepServices): Record<StepOperation, Operation> {
  const { platform, events, summaries, pageTokens, idempotency } = services;

  async function listSteps({ parameters }: Request<{ status?: StepStatus; nextToken?: string }>): Promise<Reply> {
    const { nextToken, status } = parameters;
    const query = { operation: "listSteps", status };
    const position = await pageTokens.open(nextToken, query);
    const { steps, next } = await platform.list(status, (position as { token: string } | undefined)?.token);
    return { status: 200, body: { steps, ...(next && { nextToken: await pageTokens.seal({ token: next }, query) }) } };
  }

  /**
   * The step's name and token are stored with the idempotency key before it is submitted. A platform that recognizes a
   * repetition by its token may be called again at once; on any other, a later attempt looks for the name first, and
   * the key stays locked as long as it is unknown whether the step was submitted.
   */
  async function submitStep(request: Request<{ "Idempotency-Key"?: string }, StepInput>): Promise<Reply> {
    const { path, parameters, body } = request;
    rejectMistakes(dayMistakes(body));
    const token = randomUUID();
    const fresh = { token, name: `${body.name ?? "daily-summary"}-${token}` };
    const args = ["--events", events, "--summaries", summaries, ...dayArguments(body)];
    const submit = async (plan: typeof fresh) => {
      return { id: await platform.submit({ ...plan, args }, plan.token !== token), name: plan.name };
    };
    const key = parameters["Idempotency-Key"];
    const { result, replayed } = platform.knowsRepetitions
      ? await idempotency.once(key, request, fresh, submit)
      : await idempotency.once(key, { ...request, deadline: request.deadline + settling }, fresh, submit, mayBeDone);
    const headers = { Location: `${path}/${result.id}`, ...(replayed && { "Idempotent-Replayed": "true" }) };
    return { status: 202, headers, body: { ...result, status: "PENDING" } };
  }

  async function readStep({ parameters }: Request<{ id: string }>): Promise<Reply> {
    return { status: 200, body: await demanded(parameters.id) };
  }

  async function cancelStep({ parameters }: Request<{ id: string }>): Promise<Reply> {
    if (isOver(await demanded(parameters.id))) return { status: 204 };
    await platform.cancel(parameters.id);
    return { status: 202 };
  }

  async function demanded(id: string): Promise<Step> {
    const step = await platform.read(id);
    if (!step) throw new Problem("not-found", `There is no step ${id}.`);
    return step;
  }

  return { listSteps, submitStep, readStep, cancelStep };
}
