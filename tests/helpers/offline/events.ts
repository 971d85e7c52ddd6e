import {
  EventBridgeClient,
  PutEventsCommand,
  type PutEventsRequestEntry,
  PutRuleCommand,
  PutTargetsCommand,
  type Target,
} from "@aws-sdk/client-eventbridge";
import type { Resource } from "../../../offline/engine/graph";
import type { ServeOptions } from "../../../offline/server";
import { temporaryFolder } from "../temporaryFolder";
import { Elsewhere } from "./elsewhere";
import { graphOf } from "./graph";
import { type Served, serveGraph } from "./served";

export const REGION = "eu-west-1";
export const ACCOUNT = "123456789012";
export const EVENTS_ARN = `arn:aws:events:${REGION}:${ACCOUNT}`;
export const QUEUE_ARN = `arn:aws:sqs:${REGION}:${ACCOUNT}:queue`;

/** The offline cloud with EventBridge, and a stand-in for the services of its targets. */
export interface ServedEvents {
  server: Served;
  elsewhere: Elsewhere;
  sdk: EventBridgeClient;
  clientIn(region: string): EventBridgeClient;
  put(...entries: Partial<PutEventsRequestEntry>[]): Promise<string[]>;
  /** Makes a rule on the default bus for all events of a source, with these targets. */
  rule(source: string, ...targets: Partial<Target>[]): Promise<void>;
  /** The messages that a queue has got since the last call: so many. */
  messages(count: number): Promise<string[]>;
}

export async function serveEvents(
  resources: Resource[] = [],
  options: Partial<ServeOptions> = {},
): Promise<ServedEvents> {
  const elsewhere = new Elsewhere();
  await elsewhere.listen();
  const { url } = elsewhere;
  const endpoints = { sqs: url, sns: url, kinesis: url, batch: url };
  const server = await serveGraph(graphOf(temporaryFolder(), ...resources), { endpoints, ...options });
  const { endpoint, credentials } = server;
  const clientIn = (region: string) => new EventBridgeClient({ endpoint, credentials, region, maxAttempts: 1 });
  const sdk = clientIn(REGION);
  return {
    server,
    elsewhere,
    sdk,
    clientIn,
    put: async (...entries) => {
      const Entries = entries.map((entry) => ({ Source: "test", DetailType: "Test", Detail: "{}", ...entry }));
      const { Entries: answers = [] } = await sdk.send(new PutEventsCommand({ Entries }));
      return answers.map(({ EventId, ErrorCode, ErrorMessage }) => EventId ?? `${ErrorCode}: ${ErrorMessage}`);
    },
    rule: async (source, ...targets) => {
      await sdk.send(new PutRuleCommand({ Name: source, EventPattern: JSON.stringify({ source: [source] }) }));
      const Targets = targets.map((target, index) => ({ Id: `target-${index}`, Arn: QUEUE_ARN, ...target }));
      await sdk.send(new PutTargetsCommand({ Rule: source, Targets }));
    },
    messages: async (count) => (await elsewhere.take(count)).map(({ body }) => JSON.parse(body).MessageBody),
  };
}
