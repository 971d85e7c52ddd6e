import * as fs from "node:fs";
import * as path from "node:path";
import { type Member, type Model, modelFolder, type Operation, type Shape } from "../offline/cloud/core/model";
import { definitions } from "../offline/cloud/definitions";
import { newestModel, readJson } from "./packages";

/**
 * The models of the services that `pulumi-offline` emulates, by their files: what the declared operations need of
 * botocore's, and the names of all others.
 */
export const models: Record<string, (folder: string) => string> = Object.fromEntries(
  definitions.flatMap(({ models: names, operations, options }) =>
    names.map((name) => [
      `offline/cloud/core/models/${name}.json`,
      (folder) => print(trim(folder, name, options.raw ? [] : Object.keys(operations))),
    ]),
  ),
);

const OPERATION_KEYS = ["http", "input", "output", "errors"];
const MEMBER_KEYS = [
  ...["shape", "location", "locationName", "flattened", "streaming", "timestampFormat", "xmlAttribute", "xmlNamespace"],
  ...["resultWrapper", "queryName"],
];
const SHAPE_KEYS = [
  ...["type", "members", "required", "member", "key", "value", "enum", "min", "max", "pattern", "union", "sensitive"],
  ...["streaming", "flattened", "payload", "locationName", "timestampFormat", "xmlNamespace", "error", "fault"],
];
const METADATA_KEYS = [
  ...["protocol", "apiVersion", "endpointPrefix", "signingName", "jsonVersion", "targetPrefix", "xmlNamespace"],
  "awsQueryCompatible",
];

function trim(folder: string, name: string, declared: string[]): Model {
  const source = newestModel(folder, name);
  const { metadata, operations, shapes } = readJson<Model>(folder, `${source}/service-2.json.gz`);
  const extras = extrasOf(name);
  for (const [shape, extra] of Object.entries(extras.shapes ?? {})) {
    const whole = shapes[shape];
    shapes[shape] = { ...whole, ...extra, ...(extra.members && { members: { ...whole?.members, ...extra.members } }) };
  }
  const { pagination } = readJson<Pick<Model, "pagination">>(folder, `${source}/paginators-1.json`);
  const model: Model = {
    metadata: { ...pick(metadata, METADATA_KEYS), ...extras.metadata },
    operations: {},
    shapes: {},
    pagination: {},
  };
  for (const [operation, whole] of Object.entries(operations)) {
    const isDeclared = declared.includes(operation);
    model.operations[operation] = trimOperation(whole, shapes, isDeclared, metadata.protocol.startsWith("rest"));
    if (!isDeclared) continue;
    const paginator = extras.pagination?.[operation] ?? pagination[operation];
    if (paginator) model.pagination[operation] = paginator;
    const { input, output, errors = [] } = whole;
    const references = [input, output, ...errors].flatMap((member) => member?.shape ?? []);
    for (const shape of references) addShape(shape);
  }
  for (const [shape, { error }] of Object.entries(extras.shapes ?? {})) if (error) addShape(shape);
  return model;

  function addShape(shape: string): void {
    const whole = shapes[shape];
    if (!whole || model.shapes[shape]) return;
    model.shapes[shape] = trimShape(whole);
    for (const { shape: next } of referencesOf(whole)) addShape(next);
  }
}

/** What botocore's model lacks: shapes, what its own shapes and their members have besides, errors, and paginators. */
function extrasOf(name: string): Partial<Pick<Model, "metadata" | "pagination">> & { shapes?: Record<string, Shape> } {
  const file = path.join(modelFolder, `${name}.extras.json`);
  return fs.existsSync(file) ? JSON.parse(fs.readFileSync(file, "utf8")) : {};
}

function trimOperation(whole: Operation, shapes: Model["shapes"], isDeclared: boolean, isRest: boolean): Operation {
  const { http, ...others } = whole;
  const { input, output, errors } = pick(others, OPERATION_KEYS);
  const trimmed = isRest && http ? { http: { ...http, ...needsOf(shapes, input) } } : {};
  if (!isDeclared) return trimmed;
  return { ...trimmed, ...withMembers({ input, output }), ...(errors && { errors: errors.map(trimMember) }) };
}

/** The required members in the query and the headers, which tell apart operations with the same path. */
function needsOf(
  shapes: Model["shapes"],
  input: Member | undefined,
): Pick<NonNullable<Operation["http"]>, "query" | "headers"> {
  const { members = {}, required = [] } = shapes[input?.shape ?? ""] ?? { type: "structure" };
  const at = (location: Member["location"]) =>
    required.flatMap((name) => (members[name]?.location === location ? (members[name]?.locationName ?? name) : []));
  const [query, headers] = [at("querystring"), at("header").map((name) => name.toLowerCase())];
  return { ...(query.length > 0 && { query }), ...(headers.length > 0 && { headers }) };
}

function trimShape(whole: Shape): Shape {
  const { members, member, key, value, ...others } = pick(whole, SHAPE_KEYS);
  const all = Object.entries(members ?? {}).map(([name, one]) => [name, trimMember(one)]);
  return { ...others, ...(members && { members: Object.fromEntries(all) }), ...withMembers({ member, key, value }) };
}

function withMembers<Key extends string>(members: Record<Key, Member | undefined>): Partial<Record<Key, Member>> {
  const given = Object.entries<Member | undefined>(members).flatMap(([key, member]) =>
    member ? [[key, trimMember(member)]] : [],
  );
  return Object.fromEntries(given);
}

function trimMember(member: Member): Member {
  return pick(member, MEMBER_KEYS);
}

function referencesOf({ members = {}, member, key, value }: Shape): Member[] {
  return [...Object.values(members), member, key, value].filter((one) => one !== undefined);
}

function pick<T extends object>(whole: T, keys: string[]): T {
  return Object.fromEntries(Object.entries(whole).filter(([key]) => keys.includes(key))) as T;
}

/** One line for each operation and shape. */
function print(model: Model): string {
  const parts = Object.entries(model).map(([name, part]) => {
    if (name === "metadata") return `"${name}":${JSON.stringify(part)}`;
    const lines = Object.entries(part).map(([key, value]) => `${JSON.stringify(key)}:${JSON.stringify(value)}`);
    return `"${name}":{${lines.map((line) => `\n${line}`).join(",")}}`;
  });
  return `{${parts.join(",\n")}}\n`;
}
