import type { Invoker, Target } from "../../core/invoker";
import { asText, isMap } from "../../core/resources";
import { withTimeout } from "../integrations/timeout";
import { timedOut } from "../responses/responses";
import { compileTemplate } from "../templates/template";
import { type Connected, contextOf, eventOf, type Occurrence } from "./event";
import type { IntegrationModel } from "./model";
import { select } from "./selection";

/** What an integration answers. */
export interface Reply {
  status: number;
  headers: Record<string, unknown>;
  body: string;
}

/** Why an integration failed, for the log; the caller learns only that it did. */
export class IntegrationError extends Error {}

/** Why an integration fails on every occurrence; undefined if it does not. */
export function faultOf({ type, uri }: IntegrationModel, functions: Invoker, variables: Record<string, string>) {
  if (type === "MOCK") return undefined;
  if (type !== "AWS_PROXY") return `its integration ${type} is not emulated, only AWS_PROXY and MOCK are`;
  return functionIn(uri ?? "", functions, variables) ? undefined : `the program has no function ${uri}`;
}

/** The function that an integration's URI names. */
export function functionIn(uri: string, functions: Invoker, variables: Record<string, string>): Target | undefined {
  const filled = uri.replace(/\$\{stageVariables\.([^}]+)\}/g, (_, name: string) => variables[name] ?? "");
  const [, arn = filled] = /\/functions\/([^/]+)\/invocations$/.exec(filled) ?? [];
  return functions.find(arn);
}

/**
 * Runs a route's integration.
 * @throws Rejection if it takes too long
 * @throws IntegrationError if it fails otherwise; an answer without a status is not a failure
 */
export async function integrate(
  integration: IntegrationModel,
  connection: Connected,
  occurrence: Occurrence,
  functions: Invoker,
): Promise<Reply | undefined> {
  if (integration.type === "MOCK") return mock(integration, connection, occurrence);
  const { variables } = connection.request.stage;
  const fault = faultOf(integration, functions, variables);
  const target = functionIn(integration.uri ?? "", functions, variables);
  if (fault !== undefined || !target) throw new IntegrationError(fault);
  const { timeout } = integration;
  const call = (event: string) => functions.invoke(target, event);
  const limited = timeout === undefined ? call : withTimeout(call, timeout, timedOut);
  const { payload, error } = await limited(JSON.stringify(eventOf(connection, occurrence)));
  if (error) throw new IntegrationError(`${target.name} failed`);
  return replyIn(payload);
}

/** A function's answer; undefined if it has no status, which matters only on routes that use the answer. */
function replyIn(payload = "null"): Reply | undefined {
  const answer: unknown = JSON.parse(payload);
  if (!isMap(answer)) return undefined;
  const status = Number(asText(answer.statusCode));
  if (!Number.isInteger(status)) return undefined;
  return { status, headers: isMap(answer.headers) ? answer.headers : {}, body: asText(answer.body) ?? "" };
}

/** @see https://docs.aws.amazon.com/apigateway/latest/developerguide/websocket-api-data-transformations.html */
function mock(integration: IntegrationModel, connection: Connected, occurrence: Occurrence): Reply {
  const sent = occurrence.body;
  const chosen = (templates: Record<string, string>, selection: string | undefined) =>
    templates[select(selection ?? "\\$default", sent) ?? "$default"] ?? templates.$default;
  const context = contextOf(connection, occurrence);
  const render = (text: string, body: string) => compileTemplate(text)(connection.request, { body, context });
  const request = chosen(integration.requestTemplates, integration.templateSelection);
  const document = request === undefined ? (sent ?? "") : render(request, sent ?? "");
  const [, status] = /["']?statusCode["']?\s*:\s*["']?(\d{3})/.exec(document) ?? [];
  if (!status) throw new IntegrationError("the mock integration's request template gives no statusCode");
  const keyed = integration.responses.find(({ key }) => key === `/${status}/`);
  const response = keyed ?? integration.responses.find(({ key }) => key === "$default");
  const template = response && chosen(response.templates, response.templateSelection);
  return { status: Number(status), headers: {}, body: template === undefined ? "" : render(template, "") };
}
