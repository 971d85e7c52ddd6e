import { once } from "node:events";
import type { IncomingMessage } from "node:http";
import { WebSocket } from "ws";
import type { Resource } from "../../../offline/engine/graph";
import type { Properties } from "../../../offline/engine/values";
import { resource } from "./graph";

const FUNCTIONS = "arn:aws:apigateway:eu-west-1:lambda:path/2015-03-31/functions";

export function invokeArn(functionName: string): string {
  return `${FUNCTIONS}/arn:aws:lambda:eu-west-1:123456789012:function:${functionName}/invocations`;
}

interface RouteSettings {
  /** The function behind it. @default none: `integration` says what is */
  calls?: string;
  integration?: Properties;
  route?: Properties;
  responds?: boolean;
  /** The templates of the integration's responses by their keys. */
  responses?: Record<string, Properties>;
}

/** A WebSocket API with a stage and a route for each key. */
export function socketApi(
  name: string,
  routes: Record<string, RouteSettings>,
  { api = {}, stage = {} }: { api?: Properties; stage?: Properties } = {},
): Resource[] {
  const apiId = `${name}0id`;
  const of = (type: string, own: string, inputs: Properties) => {
    const token = `aws:apigatewayv2/${type}:${type.charAt(0).toUpperCase()}${type.slice(1)}`;
    return resource(token, `${name}-${own}`, { apiId, ...inputs }, { id: `${name}-${own}` });
  };
  return [
    resource(
      "aws:apigatewayv2/api:Api",
      name,
      { protocolType: "WEBSOCKET", routeSelectionExpression: "$request.body.action", ...api },
      { id: apiId, arn: `arn:aws:apigateway:eu-west-1::/apis/${apiId}` },
    ),
    ...Object.entries(routes).flatMap(([routeKey, { calls, integration, route, responds, responses = {} }]) => [
      of("integration", routeKey, {
        ...(calls !== undefined && { integrationType: "AWS_PROXY", integrationUri: invokeArn(calls) }),
        ...integration,
      }),
      ...Object.entries(responses).map(([integrationResponseKey, responseTemplates]) =>
        of("integrationResponse", `${routeKey}-${integrationResponseKey}`, {
          integrationId: `${name}-${routeKey}`,
          integrationResponseKey,
          responseTemplates,
        }),
      ),
      of("route", routeKey, {
        routeKey,
        target: `integrations/${name}-${routeKey}`,
        ...(responds && { routeResponseSelectionExpression: "$default" }),
        ...route,
      }),
      ...(responds ? [of("routeResponse", routeKey, { routeId: `${name}-${routeKey}` })] : []),
    ]),
    of("stage", "stage", { name: "Prod", ...stage }),
  ];
}

export interface Client {
  socket: WebSocket;
  /** The next message, as text. */
  next(): Promise<string>;
  /** Sends a message, and returns the next one that comes. */
  ask(message: string): Promise<string>;
  closed: Promise<{ code: number; reason: string }>;
}

/** Connects. @throws Error `STATUS BODY` if the handshake is refused */
export async function connect(
  url: string,
  { protocols, ...options }: { protocols?: string[]; headers?: Record<string, string>; origin?: string } = {},
): Promise<Client> {
  const socket = new WebSocket(url, protocols ?? [], options);
  const received: string[] = [];
  const waiting: ((message: string) => void)[] = [];
  socket.on("message", (data) => {
    const take = waiting.shift();
    if (take) take(data.toString());
    else received.push(data.toString());
  });
  const next = () =>
    new Promise<string>((resolve) => {
      const message = received.shift();
      if (message === undefined) waiting.push(resolve);
      else resolve(message);
    });
  const closed = once(socket, "close").then(([code, reason]) => ({ code, reason: String(reason) }));
  closed.catch(() => {});
  await opened(socket);
  const ask = (message: string) => {
    socket.send(message);
    return next();
  };
  return { socket, next, ask, closed };
}

function opened(socket: WebSocket): Promise<void> {
  return new Promise((resolve, reject) => {
    socket.on("open", resolve);
    socket.on("error", reject);
    socket.on("unexpected-response", (_, response: IncomingMessage) => {
      let body = "";
      response.on("data", (chunk) => {
        body += chunk;
      });
      response.on("end", () => reject(new Error(`${response.statusCode} ${body}`)));
    });
  });
}

/** How a handshake is refused; `connected` if it is not. */
export async function refusal(...parameters: Parameters<typeof connect>): Promise<string> {
  const client = await connect(...parameters).catch((error: Error) => error.message);
  if (typeof client === "string") return client;
  client.socket.close();
  return "connected";
}
