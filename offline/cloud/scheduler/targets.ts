import * as fs from "node:fs";
import * as path from "node:path";
import { regionOf, serviceOf } from "../core/arns";
import { callRequest } from "../core/callRequest";
import type { Events, Failure } from "../core/events";
import { jsonIn } from "../core/json";
import { type Model, modelFolder, modelOf } from "../core/model";
import { withCapital } from "../core/names";
import { isMap, type Settings } from "../core/resources";
import type { Schedule, Target } from "./model";

/** The models whose services the AWS SDK for Java, and so the scheduler, calls otherwise. */
const SDK_NAMES: Record<string, string> = { cloudwatchlogs: "logs", eventbridge: "events", sfn: "stepfunctions" };

/** Actions that only read, which the scheduler does not call, by how they begin. @see "Using universal targets" */
const READING = new RegExp(
  "^(get|describe|list|poll|receive|search|scan|query|select|read|lookup|discover|validate|batchGet|batchDescribe|" +
    "batchRead|transactGet|adminGet|adminList|testMigration|retrieve|testConnection|translateDocument|isAuthorized|" +
    "invokeModel)",
);

/** The services whose templated targets need an input in JSON. */
const JSON_INPUT = ["lambda", "states", "events"];

/** An operation of any service, as a target. */
interface UniversalTarget {
  /** Such as `batch`. */
  service: string;
  /** Such as `submitJob`. */
  action: string;
}

/** The operation in an ARN such as `arn:aws:scheduler:::aws-sdk:batch:submitJob`; undefined for any other ARN. */
function universalTarget(arn: string): UniversalTarget | undefined {
  const [, service, action] = /^arn:[^:]+:scheduler:::aws-sdk:([^:]+):([^:]+)$/.exec(arn) ?? [];
  return service === undefined || action === undefined ? undefined : { service, action };
}

/** What is wrong with a target, whatever the program has; undefined if nothing is. */
export function targetMistake({ Arn, Input, EventBridgeParameters }: Target): string | undefined {
  const universal = universalTarget(Arn);
  const service = serviceOf(Arn);
  if (universal && READING.test(universal.action)) return `${universal.action} only reads, which no schedule does`;
  if (universal && Input !== undefined && !isMap(jsonIn(Input))) return "its Input is not a JSON object";
  if (universal) return undefined;
  if (service === "events" && !EventBridgeParameters) return "its EventBridgeParameters are missing";
  const needsJson = JSON_INPUT.includes(service) && Input !== undefined;
  return needsJson && jsonIn(Input) === undefined ? "its Input is not JSON" : undefined;
}

/** Calls the targets of schedules. */
export class Targets {
  constructor(private readonly events: Events) {}

  /** Why a target cannot be called here; undefined if it can. */
  whyUnsupported({ Arn }: Target): string | undefined {
    const universal = universalTarget(Arn);
    if (!universal) return this.events.whyUnsupported(Arn);
    const operation = operationOf(universal);
    return typeof operation === "string" ? operation : undefined;
  }

  /** Calls a target once. Never rejects. */
  async attempt({ arn, name, Target }: Schedule, payload: string): Promise<Failure | undefined> {
    const universal = universalTarget(Target.Arn);
    if (universal) return this.call(universal, payload, regionOf(arn));
    const { EventBridgeParameters: event, KinesisParameters, SqsParameters } = Target;
    return this.events.attempt(Target.Arn, payload, {
      from: `schedule ${name}`,
      messageGroupId: SqsParameters?.MessageGroupId,
      partitionKey: KinesisParameters?.PartitionKey,
      envelope: event && { Source: event.Source, DetailType: event.DetailType, Resources: [arn] },
    });
  }

  private async call(universal: UniversalTarget, payload: string, region: string): Promise<Failure | undefined> {
    const operation = operationOf(universal);
    if (typeof operation === "string") return { code: "NotEmulated", message: operation, retryable: false };
    const { model, name, service } = operation;
    try {
      const request = callRequest(model, name, (jsonIn(payload) ?? {}) as Settings);
      if (request) return await this.events.request({ service, ...request }, region);
      return { code: "NotEmulated", message: `schedules do not call ${service} offline`, retryable: false };
    } catch (error) {
      return { code: "ValidationException", message: (error as Error).message, retryable: false };
    }
  }
}

/** An operation and its service's signing name, or why it cannot be called. */
function operationOf({ service, action }: UniversalTarget): { model: Model; name: string; service: string } | string {
  const wanted = SDK_NAMES[service] ?? service;
  const file = fs.readdirSync(modelFolder).find((one) => one.replace(/\.json$/, "").replaceAll("-", "") === wanted);
  const model = file === undefined ? undefined : modelOf(path.basename(file, ".json"));
  const name = withCapital(action);
  if (!model) return `${service} is not emulated`;
  if (!model.operations[name]) return `${service} has no operation ${name}`;
  // DynamoDB, which reads its input itself, has a model without shapes.
  const isRaw = model.metadata.protocol === "json" && !Object.values(model.operations).some(({ input }) => input);
  if (!model.operations[name].input && !isRaw) return `${service} ${name} is not emulated`;
  return { model, name, service: model.metadata.signingName ?? model.metadata.endpointPrefix };
}
