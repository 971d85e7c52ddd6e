import * as http from "node:http";
import type { APIGatewayProxyEvent } from "aws-lambda";
import type { Properties } from "../../../offline/engine/values";
import { temporaryFolder } from "../temporaryFolder";
import { graphOf, lambda, proxy, restApi } from "./graph";
import { type Served, serveGraph } from "./served";

/** A function that answers the event it is given. */
export const ECHO = "exports.handler = async (event) => ({ statusCode: 200, body: JSON.stringify(event) })";

/** Serves an API's document and the functions that it names. */
export async function startApi(
  document: object,
  functions: Record<string, string> = { echo: ECHO },
  stage: Properties = {},
): Promise<Served> {
  const lambdas = Object.entries(functions).map(([name, code]) => lambda(name, code));
  return serveGraph(graphOf(temporaryFolder(), ...lambdas, ...restApi("api", document, stage)));
}

/** Serves one function on every path. */
export async function startFunction(code: string, more: object = {}): Promise<Served> {
  const any = { "x-amazon-apigateway-any-method": proxy("main") };
  return startApi({ paths: { "/": any, "/{path+}": any }, ...more }, { main: code });
}

export async function eventIn(response: Response): Promise<APIGatewayProxyEvent> {
  return (await response.json()) as APIGatewayProxyEvent;
}

export async function messageIn(response: Response): Promise<string> {
  return ((await response.json()) as { message: string }).message;
}

/** Sends a request exactly as given: `fetch` would normalize the path and the headers. */
export function send(
  url: string,
  options: http.RequestOptions & { body?: string } = {},
): Promise<{ status?: number; headers: http.IncomingHttpHeaders; rawHeaders: string[]; body: string }> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    const request = http.request({ hostname, port, agent: false, ...options }, (response) => {
      let body = "";
      response.on("data", (chunk) => {
        body += chunk;
      });
      const { statusCode: status, headers, rawHeaders } = response;
      response.on("end", () => resolve({ status, headers, rawHeaders, body }));
    });
    request.on("error", reject);
    request.end(options.body);
  });
}
