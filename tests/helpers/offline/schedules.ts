import type { Advance } from "../../../offline/cloud/core/clock";
import { Clock } from "../../../offline/cloud/core/clock";
import { Events } from "../../../offline/cloud/core/events";
import type { Service } from "../../../offline/cloud/core/service";
import { scheduler } from "../../../offline/cloud/scheduler/operations";
import { Schedules } from "../../../offline/cloud/scheduler/schedules";
import type { Resource } from "../../../offline/engine/graph";
import type { Properties } from "../../../offline/engine/values";
import { send } from "./api";
import { serveServices } from "./core";
import { graphOf, resource } from "./graph";
import { signed } from "./signed";

export const ROLE = "arn:aws:iam::123456789012:role/scheduler";

/** A schedule of a program. */
export function schedule(name: string, target: Properties, inputs: Properties = {}): Resource {
  const defaults = { flexibleTimeWindow: { mode: "OFF" }, groupName: "default", scheduleExpression: "rate(1 day)" };
  const outputs = { name, id: `default/${name}` };
  const all = { ...defaults, ...inputs, target: { roleArn: ROLE, ...target } };
  return resource("aws:scheduler/schedule:Schedule", name, all, outputs);
}

/** A request that a schedule has sent. */
export interface SentRequest {
  service: string;
  method?: string;
  url?: string;
  target?: string;
  body: string;
}

/** How a target answers: a status and a body. */
export type Answer = [status: number, body: string];

/**
 * Serves the scheduler alone. The services that its schedules call only note what they get.
 * @param answer how they answer. @default with an empty object
 */
export async function serveSchedules(
  resources: Resource[] = [],
  answer: (sent: SentRequest) => Answer = () => [200, "{}"],
) {
  const clock = new Clock();
  const sent: SentRequest[] = [];
  const invoked: { arn: string; payload: string }[] = [];
  const lines: string[] = [];
  const noting: Service = {
    signingNames: ["sqs", "sns", "kinesis", "events", "states", "batch", "ssm", "lambda", "dynamodb"],
    handle: ({ scope, request, response, body }) => {
      const { method, url, headers } = request;
      const one = { service: scope.service, method, url, target: headers["x-amz-target"]?.toString(), body: `${body}` };
      sent.push(one);
      const [status, text] = answer(one);
      response.writeHead(status).end(text);
    },
  };
  const context = {
    endpoint: "",
    credentials: { accessKeyId: "", secretAccessKey: "" },
    log: (line: string) => void lines.push(line),
  };
  const invoke = (arn: string, payload: string) => void invoked.push({ arn, payload });
  const events = new Events(Object.assign(context, { invoke }));
  const schedules = new Schedules({ clock, events, log: context.log });
  const { client } = await serveServices([scheduler.serve(schedules), noting]);
  Object.assign(context, { endpoint: client.endpoint, credentials: client.credentials });
  const reconcile = (...next: Resource[]) => {
    const changes = schedules.reconcile(graphOf("/project", ...next));
    schedules.settle();
    return changes;
  };
  reconcile(...resources);
  const close = () => {
    events.close();
    clock.close();
  };
  return { client, clock, schedules, sent, invoked, lines, reconcile, close };
}

/** What `pulumi-offline tick` asks of a running server. */
export async function tick(
  server: { endpoint: string; credentials: { accessKeyId: string; secretAccessKey: string } },
  to: object,
): Promise<{ status?: number; answer: Advance & { message?: string } }> {
  const request = await signed(server, { service: "offline", body: JSON.stringify(to) });
  const { status, body } = await send(server.endpoint, request);
  return { status, answer: JSON.parse(body) };
}
