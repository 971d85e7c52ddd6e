import { InvokeCommand, type InvokeCommandInput, LambdaClient } from "@aws-sdk/client-lambda";
import type { Resource } from "../../../offline/engine/graph";
import type { Properties } from "../../../offline/engine/values";
import { temporaryFolder } from "../temporaryFolder";
import { graphOf, lambda, resource } from "./graph";
import { type Served, serveGraph } from "./served";

/** Serves a function called `main`, whose code is one text or the named files, and whatever else is given. */
export async function serveFunction(
  code: string | Record<string, string>,
  inputs: Properties = {},
  ...more: Resource[]
): Promise<Served> {
  return serveGraph(graphOf(temporaryFolder(), lambda("main", code, inputs), ...more));
}

/** Calls `main`; the result is what it answers or, when it fails, how Lambda describes that. */
export async function invoke(
  { endpoint, credentials }: Served,
  payload: unknown = {},
  options: Partial<InvokeCommandInput> = {},
) {
  const client = new LambdaClient({ endpoint, region: "eu-west-1", credentials, maxAttempts: 1 });
  const input = { FunctionName: "main", Payload: JSON.stringify(payload), ...options };
  const { Payload, ...rest } = await client.send(new InvokeCommand(input));
  const text = Payload?.transformToString();
  return { ...rest, result: text ? JSON.parse(text) : undefined };
}

/** Serves a function, calls it once, and returns its result. */
export async function resultOf(code: string | Record<string, string>, inputs: Properties = {}) {
  return (await invoke(await serveFunction(code, inputs))).result;
}

/** A function that answers with its event, its version and the ARN under which it was called. */
export const CALL_ECHO =
  "exports.handler = async (event, context) => ({ event, version: context.functionVersion, arn: context.invokedFunctionArn })";

/** An alias of version 1 of `main`. */
export const alias = (name: string, settings = {}) =>
  resource("aws:lambda/alias:Alias", name, { name, functionName: "main", functionVersion: "1", ...settings });

/** How Lambda refuses a call of `main`. */
export async function refused(server: Served, options: Partial<InvokeCommandInput>, payload: unknown = {}) {
  const error = await invoke(server, payload, options).catch((reason) => reason);
  return { name: error.name, message: error.message, status: error.$metadata?.httpStatusCode, Type: error.Type };
}
