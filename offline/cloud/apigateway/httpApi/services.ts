import type { Answer } from "../../core/answer";
import type { DeliveryRequest } from "../../core/deliveryRequests";
import { asMap, asTexts, isMap } from "../../core/resources";
import { signatureHeaders } from "../../core/signature/sign";
import type { CodeContext } from "../../core/types";
import { NotServable } from "../definition/document";
import { compileValue } from "./mapping";
import type { HttpIntegration } from "./model";
import type { Responder } from "./request";

/** The parameters that a request has values for. */
type Parameters = Record<string, string>;

interface Subtype {
  required: string[];
  requestOf(parameters: Parameters): DeliveryRequest;
}

/** @see https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-aws-services-reference.html */
const subtypes: Record<string, Subtype> = {
  "EventBridge-PutEvents": {
    required: ["Detail", "DetailType", "Source"],
    requestOf: ({ Resources, Time, ...entry }) =>
      json("events", "1.1", "AWSEvents.PutEvents", {
        Entries: [
          { ...entry, ...(Resources && { Resources: listIn(Resources) }), ...(Time && { Time: secondsOf(Time) }) },
        ],
      }),
  },
  "SQS-SendMessage": sqs("SendMessage", ["QueueUrl", "MessageBody"]),
  "SQS-ReceiveMessage": sqs("ReceiveMessage", ["QueueUrl"]),
  "SQS-DeleteMessage": sqs("DeleteMessage", ["QueueUrl", "ReceiptHandle"]),
  "SQS-PurgeQueue": sqs("PurgeQueue", ["QueueUrl"]),
  "Kinesis-PutRecord": {
    required: ["StreamName", "Data", "PartitionKey"],
    requestOf: ({ Data = "", ...record }) =>
      json("kinesis", "1.1", "Kinesis_20131202.PutRecord", { ...record, Data: Buffer.from(Data).toString("base64") }),
  },
  "StepFunctions-StartExecution": states("StartExecution", ["StateMachineArn"]),
  "StepFunctions-StartSyncExecution": states("StartSyncExecution", ["StateMachineArn"]),
  "StepFunctions-StopExecution": states("StopExecution", ["ExecutionArn"]),
  "AppConfig-GetConfiguration": {
    required: ["Application", "Environment", "Configuration", "ClientId"],
    requestOf: ({ Application, Environment, Configuration, ClientId = "", ClientConfigurationVersion }) => {
      const query = new URLSearchParams({
        client_id: ClientId,
        ...(ClientConfigurationVersion && { client_configuration_version: ClientConfigurationVersion }),
      });
      const names = [Application, Environment, Configuration].map((name) => encodeURIComponent(name ?? ""));
      const path = `/applications/${names[0]}/environments/${names[1]}/configurations/${names[2]}?${query}`;
      return { service: "appconfig", method: "GET", path, headers: {}, body: "" };
    },
  },
};

/** Services that answer only at an endpoint elsewhere. */
const ELSEWHERE: Record<string, string> = { StepFunctions: "states", AppConfig: "appconfig" };

interface Surroundings extends Pick<CodeContext, "endpoint" | "credentials"> {
  /** Where the requests of services are sent, by their signing names. */
  endpoints: Record<string, string>;
  region: string;
}

/**
 * An integration that calls an AWS service, whose response is the route's.
 * @throws NotServable if AWS refuses it, or nothing answers for the service
 */
export function compileService(
  { subtype = "", requestParameters }: HttpIntegration,
  surroundings: Surroundings,
): Responder {
  const declared = Object.hasOwn(subtypes, subtype) ? subtypes[subtype] : undefined;
  if (!declared) {
    throw new NotServable(`its integrationSubtype ${subtype} is not one of ${Object.keys(subtypes).join(", ")}`);
  }
  const missing = declared.required.filter((name) => !requestParameters[name]);
  if (missing.length > 0) throw new NotServable(`its ${subtype} lacks the request parameters ${missing.join(", ")}`);
  const { endpoint, credentials, endpoints } = surroundings;
  const service = ELSEWHERE[subtype.replace(/-.*/, "")];
  if (service && !Object.hasOwn(endpoints, service)) {
    const instead = `run it elsewhere, and give --endpoint ${service}=URL`;
    throw new NotServable(`its integration calls ${subtype}, and ${service} is not emulated: ${instead}`);
  }
  const values = Object.entries(requestParameters).map(([name, text]) => ({ name, value: compileValue(text) }));
  return async (request): Promise<Answer> => {
    const given = values.flatMap(({ name, value }): [string, string][] => {
      const text = value({ request });
      return text === undefined ? [] : [[name, text]];
    });
    const { Region: region = surroundings.region, ...parameters }: Parameters = Object.fromEntries(given);
    return send(declared.requestOf(parameters), { endpoint, credentials, region });
  };
}

async function send(
  { service, method = "POST", path = "/", headers, body }: DeliveryRequest,
  { endpoint, credentials, region }: Omit<Surroundings, "endpoints">,
): Promise<Answer> {
  const { host } = new URL(endpoint);
  const signature = signatureHeaders({ method, url: path, host, region, service, body }, credentials);
  const response = await fetch(`${endpoint}${path}`, {
    method,
    headers: { ...headers, ...signature },
    ...(method !== "GET" && { body }),
  });
  const type = response.headers.get("content-type");
  return {
    status: response.status,
    headers: type ? [["Content-Type", type]] : [],
    body: Buffer.from(await response.arrayBuffer()),
  };
}

function json(service: string, version: string, target: string, input: object): DeliveryRequest {
  const headers = { "content-type": `application/x-amz-json-${version}`, "x-amz-target": target };
  return { service, headers, body: JSON.stringify(input) };
}

function states(operation: string, required: string[]): Subtype {
  return {
    required,
    requestOf: (parameters) =>
      json(
        "states",
        "1.0",
        `AWSStepFunctions.${operation}`,
        Object.fromEntries(Object.entries(parameters).map(([name, value]) => [withSmallInitial(name), value])),
      ),
  };
}

/** In SQS's query protocol, whose responses are XML. */
function sqs(operation: string, required: string[]): Subtype {
  return {
    required,
    requestOf: (parameters) => {
      const form = new URLSearchParams({ Action: operation, Version: "2012-11-05" });
      for (const [name, value] of Object.entries(parameters)) appendTo(form, name, value);
      const headers = { "content-type": "application/x-www-form-urlencoded" };
      return { service: "sqs", headers, body: form.toString() };
    },
  };
}

/** Lists and attributes are given as JSON. */
const LISTS: Record<string, string> = {
  AttributeNames: "AttributeName",
  MessageAttributeNames: "MessageAttributeName",
};
const MAPS: Record<string, string> = {
  MessageAttributes: "MessageAttribute",
  MessageSystemAttributes: "MessageSystemAttribute",
};

function appendTo(form: URLSearchParams, name: string, value: string): void {
  const list = LISTS[name];
  const map = MAPS[name];
  if (list) for (const [index, one] of listIn(value).entries()) form.append(`${list}.${index + 1}`, one);
  else if (map) {
    for (const [index, [key, attribute]] of Object.entries(asMap(parse(value))).entries()) {
      form.append(`${map}.${index + 1}.Name`, key);
      for (const [part, text] of Object.entries(asMap(attribute))) {
        form.append(`${map}.${index + 1}.Value.${part}`, String(text));
      }
    }
  } else form.append(name, value);
}

function listIn(text: string): string[] {
  const parsed = parse(text);
  return Array.isArray(parsed) ? asTexts(parsed) : [text];
}

function parse(text: string): unknown {
  try {
    const parsed: unknown = JSON.parse(text);
    return isMap(parsed) || Array.isArray(parsed) ? parsed : undefined;
  } catch {
    return undefined;
  }
}

/** Of a time in seconds since 1970 or in ISO 8601. */
function secondsOf(time: string): number {
  return /^[\d.]+$/.test(time) ? Number(time) : Date.parse(time) / 1000;
}

function withSmallInitial(name: string): string {
  return `${name.charAt(0).toLowerCase()}${name.slice(1)}`;
}
