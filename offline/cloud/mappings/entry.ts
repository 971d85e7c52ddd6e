import type { Graph } from "../../engine/graph";
import type { Polling } from "../core/polling/polling";
import { asText, ownResources, type Settings } from "../core/resources";
import { type Configuration, kindOf } from "./configuration";
import type { Mapping } from "./mapping";

/** A mapping of the program, or of a request. */
export interface Entry {
  uuid: string;
  /** What problems and the log call it. */
  name: string;
  arn: string;
  /** As the mapping names the function, with a version or alias if it does. */
  functionArn: string;
  configuration: Configuration;
  /** In milliseconds since 1970. */
  lastModified: number;
  /** What the program says, as text; undefined of a mapping that a request has created. */
  declaration?: string;
  /** The program's. */
  settings?: Settings;
  polling: Polling<Mapping>;
  /** Why it does not poll, and what to do. */
  problem?: string;
}

type State = "Creating" | "Enabling" | "Enabled" | "Disabling" | "Disabled" | "Updating" | "Deleting";

/** @see https://docs.aws.amazon.com/lambda/latest/api/API_EventSourceMappingConfiguration.html */
export function describe(entry: Entry, state?: State): object {
  const { uuid, arn, functionArn, configuration, lastModified, polling } = entry;
  const { Enabled, FunctionName, ...rest } = configuration;
  const isQueue = kindOf(configuration.EventSourceArn) === "sqs";
  return {
    UUID: uuid,
    ...rest,
    EventSourceMappingArn: arn,
    FunctionArn: functionArn,
    LastModified: lastModified,
    State: state ?? (Enabled ? "Enabled" : "Disabled"),
    StateTransitionReason: isQueue ? "USER_INITIATED" : "User action",
    LastProcessingResult: isQueue ? undefined : (polling.poller?.lastResult ?? "No records processed"),
  };
}

/** The ARN of a function's role. */
export function roleArnOf(graph: Graph, name: string): string | undefined {
  const functions = ownResources(graph, "aws:lambda/function:Function");
  return asText(functions.find((one) => (asText(one.settings.name) ?? one.name) === name)?.settings.role);
}
