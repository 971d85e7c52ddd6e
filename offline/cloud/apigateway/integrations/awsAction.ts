import * as fs from "node:fs";
import * as path from "node:path";
import { callRequest } from "../../core/callRequest";
import type { DeliveryRequest } from "../../core/deliveryRequests";
import { objectIn } from "../../core/json";
import { type Model, modelFolder, modelOf } from "../../core/model";
import { NotServable } from "../definition/document";
import type { AwsUri } from "./awsUri";

/** Names of models that differ from the first label of the service's host name. */
const RENAMED: Record<string, string> = { elasticmapreduce: "emr" };

/** Services that answer only at an endpoint elsewhere, by the version of their JSON and the prefix of their targets. */
const ELSEWHERE: Record<string, [version: string, prefix: string]> = {
  firehose: ["1.1", "Firehose_20150804"],
  states: ["1.0", "AWSStepFunctions"],
};

/** The model of an emulated service. */
export function modelNamed(service: string): Model | undefined {
  const name = RENAMED[service] ?? service;
  return fs.existsSync(path.join(modelFolder, `${name}.json`)) ? modelOf(name) : undefined;
}

/** Whether a service takes forms, and answers in XML or, on demand, in JSON. SQS also speaks JSON. */
export function takesForms({ metadata }: Model): boolean {
  return ["query", "ec2"].includes(metadata.protocol) || metadata.awsQueryCompatible !== undefined;
}

type Requester = (body: string) => Omit<DeliveryRequest, "service">;

/**
 * How an action is called with a body that is its input as JSON; for a service that takes forms, the body is a form.
 * @throws NotServable if that is not known
 */
export function requesterOf({ service, action = "" }: AwsUri): Requester {
  const model = modelNamed(service);
  if (model && takesForms(model)) {
    return (body) => ({ headers: { "content-type": FORM }, body: formOf(model, body, { Action: action }) });
  }
  const { jsonVersion, targetPrefix, protocol } = model?.metadata ?? {};
  const [version, prefix] = ELSEWHERE[service] ?? [jsonVersion, targetPrefix];
  if (prefix) {
    const headers = { "content-type": `application/x-amz-json-${version}`, "x-amz-target": `${prefix}.${action}` };
    return (body) => ({ headers, body: body || "{}" });
  }
  if (model && protocol === "rest-json") {
    return (body) => callRequest(model, action, objectIn(body)) ?? { headers: {}, body };
  }
  throw new NotServable(`its integration calls ${service}:action/${action}; write ${service}:path/… instead`);
}

/** A form with what it lacks: the version, and these defaults. */
export function formOf({ metadata }: Model, body: string, defaults: Record<string, string>): string {
  const given = new URLSearchParams(body);
  const form = new URLSearchParams({ Version: metadata.apiVersion, ...defaults });
  for (const name of new Set(given.keys())) form.delete(name);
  for (const [name, value] of given) form.append(name, value);
  return form.toString();
}

export const FORM = "application/x-www-form-urlencoded";
