import type { Resource } from "../../../offline/engine/graph";
import type { Properties } from "../../../offline/engine/values";
import { temporaryFolder } from "../temporaryFolder";
import { send } from "./api";
import { graphOf, lambda, resource } from "./graph";
import { STREAM_ARN } from "./kinesis";
import { FUNCTION_ARN, TABLE_STREAM } from "./mappings";
import { type Served, serveGraph } from "./served";
import { signed } from "./signed";
import { arnOf } from "./sqs";

export const MAIN = `${FUNCTION_ARN}:main`;

/** Logs each event. It throws at a record whose text begins with `throw`, and reports those whose text begins with `bad`. */
export const TARGET = `
const textOf = ({ data, body, dynamodb = {} }) =>
  data ? Buffer.from(data, "base64").toString() : (body ?? (dynamodb.NewImage ?? {}).text?.S ?? "");
exports.handler = async (event) => {
  console.log("got", JSON.stringify(event));
  const texts = [event].flat().map(textOf);
  if (texts.some((text) => text.startsWith("throw"))) throw new Error("no");
  const failed = [event].flat().filter((_, index) => texts[index].startsWith("bad"));
  return { batchItemFailures: failed.map(({ messageId, eventID }) => ({ itemIdentifier: messageId ?? eventID })) };
};`;

/** A pipe to the function `main`, if no other target is given. */
export function pipe(name: string, source: string, inputs: Properties = {}): Resource {
  const arn = `arn:aws:pipes:eu-west-1:123456789012:pipe/${name}`;
  const all = { name, source, target: MAIN, roleArn: "arn:aws:iam::123456789012:role/pipe", ...inputs };
  return resource("aws:pipes/pipe:Pipe", name, all, { arn });
}

export const fromQueue = (name: string, inputs: Properties = {}) => pipe(name, arnOf(name), inputs);

export const fromStream = (name: string, parameters: Properties = {}, inputs: Properties = {}) =>
  pipe(name, `${STREAM_ARN}/${name}`, {
    ...inputs,
    sourceParameters: { kinesisStreamParameters: { startingPosition: "TRIM_HORIZON", ...parameters } },
  });

export const fromTable = (parameters: Properties = {}, inputs: Properties = {}) =>
  pipe("items", TABLE_STREAM, {
    ...inputs,
    sourceParameters: { dynamodbStreamParameters: { startingPosition: "TRIM_HORIZON", ...parameters } },
  });

/** Serves the function `main` and other resources. */
export function servePipes(resources: Resource[], endpoints: Record<string, string> = {}): Promise<Served> {
  return serveGraph(graphOf(temporaryFolder(), lambda("main", TARGET, { timeout: 1 }), ...resources), { endpoints });
}

/** Calls the API of pipes. */
export async function callPipes(server: Served, method: string, path: string, query: Record<string, string> = {}) {
  const answer = await send(server.endpoint, await signed(server, { service: "pipes", method, path, query }));
  return { status: answer.status, ...JSON.parse(answer.body || "{}") };
}
