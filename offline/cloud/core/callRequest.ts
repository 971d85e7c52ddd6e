import type { DeliveryRequest } from "./deliveryRequests";
import { type Member, type Model, membersOf, type Shape, shapeOf } from "./model";
import { withSmallInitial } from "./names";
import { ec2Rules } from "./protocol/ec2";
import { type FormRules, writeForm } from "./protocol/form";
import { payloadOf } from "./protocol/json";
import { queryRules } from "./protocol/query";
import { toText, toTime } from "./protocol/scalars";
import { writeStructure, writeTree } from "./protocol/tree";
import { isMap, type Settings } from "./resources";

type Written = Omit<DeliveryRequest, "service">;
type Writer = (model: Model, name: string, input: Settings) => Written;

const writers: Record<string, Writer> = {
  json,
  "rest-json": restJson,
  query: formWith(queryRules),
  ec2: formWith(ec2Rules),
};

/**
 * The request that calls an operation.
 * @param name of an operation; without its shapes in the model, the input is sent as it is
 * @param input Its names may begin with capitals where the model's do not; times are text or seconds since 1970
 * @returns undefined if the protocol is not supported
 * @throws Malformed for text that is not a time
 */
export function callRequest(model: Model, name: string, input: Settings): Written | undefined {
  const { protocol } = model.metadata;
  const { input: member } = model.operations[name] ?? {};
  const named = member ? (withNames(model, member, input) as Settings) : input;
  return Object.hasOwn(writers, protocol) ? writers[protocol]?.(model, name, named) : undefined;
}

/** A value whose members have the model's names; those that the model does not know are left out. */
function withNames(model: Model, { shape: name }: Member, value: unknown): unknown {
  const shape = shapeOf(model, name);
  const { member, value: of } = shape;
  if (shape.type === "timestamp") return toTime(value as string | number);
  if (shape.type === "list" && Array.isArray(value)) return value.map((one) => member && withNames(model, member, one));
  if (!isMap(value)) return value;
  if (shape.type === "map") {
    return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, of && withNames(model, of, one)]));
  }
  const given = new Map(Object.entries(value).map(([key, one]) => [withSmallInitial(key), one]));
  const members = membersOf(shape).map((one) => ({ ...one, value: given.get(withSmallInitial(one.name)) }));
  return Object.fromEntries(
    members
      .filter((one) => one.value !== undefined && one.value !== null)
      .map((one) => [one.name, withNames(model, one.member, one.value)]),
  );
}

function json(model: Model, name: string, input: Settings): Written {
  const { jsonVersion, targetPrefix } = model.metadata;
  const { input: member } = model.operations[name] ?? {};
  return {
    headers: { "content-type": `application/x-amz-json-${jsonVersion}`, "x-amz-target": `${targetPrefix}.${name}` },
    body: JSON.stringify(member ? writeTree(model, member, input) : input),
  };
}

function restJson(model: Model, name: string, input: Settings): Written {
  const { http = { method: "POST", requestUri: "/" }, input: member } = model.operations[name] ?? {};
  const headers: Record<string, string> = { "content-type": "application/json" };
  const query = new URLSearchParams();
  let path = http.requestUri;
  const shape: Shape = member ? shapeOf(model, member.shape) : { type: "structure" };
  for (const { name: own, sent, member: one } of membersOf(shape)) {
    const value = input[own];
    if (value === undefined) continue;
    const text = (part: unknown) => toText(shapeOf(model, one.shape), part, "rfc822");
    if (one.location === "uri") path = path.replace(new RegExp(`\\{${sent}\\+?\\}`), encodeURIComponent(text(value)));
    if (one.location === "header") headers[sent.toLowerCase()] = text(value);
    if (one.location === "querystring") for (const part of [value].flat()) query.append(sent, text(part));
  }
  const url = query.size > 0 ? `${path}${path.includes("?") ? "&" : "?"}${query}` : path;
  return { method: http.method, path: url, headers, body: restBody(model, member, shape, input) };
}

function restBody(model: Model, member: Member | undefined, shape: Shape, input: Settings): string {
  const payload = payloadOf(model, member);
  if (!payload) {
    const members = membersOf(shape).filter((one) => one.member.location === undefined);
    return members.length > 0 ? JSON.stringify(writeStructure(model, shape, input, members)) : "";
  }
  const content = input[payload.name];
  if (content === undefined || typeof content === "string") return content ?? "";
  return JSON.stringify(isMap(content) ? writeTree(model, payload.member, content) : content);
}

function formWith(rules: FormRules): Writer {
  return (model, name, input) => {
    const form = new URLSearchParams({ Action: name, Version: model.metadata.apiVersion });
    writeForm(model, model.operations[name]?.input, input, form, rules);
    return { headers: { "content-type": "application/x-www-form-urlencoded" }, body: form.toString() };
  };
}
