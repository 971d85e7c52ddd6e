import * as fs from "node:fs";
import * as path from "node:path";

/** A shape where another one has it. */
export interface Member {
  shape: string;
  /** Where a REST protocol sends it. @default the body */
  location?: "header" | "headers" | "uri" | "querystring" | "statusCode";
  /** @default the member's own name */
  locationName?: string;
  /** Its name in requests in EC2's protocol. @default `locationName`, beginning with a capital */
  queryName?: string;
  flattened?: boolean;
  streaming?: boolean;
  timestampFormat?: TimestampFormat;
  xmlAttribute?: boolean;
  xmlNamespace?: { uri: string; prefix?: string };
}

export type TimestampFormat = "iso8601" | "rfc822" | "unixTimestamp";

/** A shape of botocore's model of a service. */
export interface Shape {
  type: string;
  members?: Record<string, Member>;
  required?: string[];
  /** What a list contains. */
  member?: Member;
  /** What a map contains. */
  key?: Member;
  value?: Member;
  enum?: string[];
  min?: number;
  max?: number;
  pattern?: string;
  union?: boolean;
  sensitive?: boolean;
  streaming?: boolean;
  flattened?: boolean;
  /** The member that is the whole body. */
  payload?: string;
  locationName?: string;
  timestampFormat?: TimestampFormat;
  xmlNamespace?: { uri: string; prefix?: string };
  /** Of an exception. */
  error?: { code?: string; httpStatusCode?: number; senderFault?: boolean };
  /** Whether an exception is the service's fault. */
  fault?: boolean;
}

export interface Operation {
  http?: {
    method: string;
    requestUri: string;
    responseCode?: number;
    /** The query parameters and headers that its input must have. @default none */
    query?: string[];
    headers?: string[];
  };
  input?: Member;
  output?: Member & { resultWrapper?: string };
  errors?: Member[];
}

interface Paginator {
  input_token: string;
  output_token: string;
  limit_key?: string;
  /** The first of several is the list that has pages. */
  result_key: string | string[];
}

/** A service's model as botocore has it; operations that are not emulated have only their names and their HTTP part. */
export interface Model {
  metadata: {
    protocol: string;
    apiVersion: string;
    endpointPrefix: string;
    signingName?: string;
    jsonVersion?: string;
    targetPrefix?: string;
    /** Given if the service, which speaks JSON, still speaks query to older SDKs, and answers with its error codes. */
    awsQueryCompatible?: object;
    xmlNamespace?: string | { uri: string };
  };
  operations: Record<string, Operation>;
  shapes: Record<string, Shape>;
  pagination: Record<string, Paginator>;
}

const models = new Map<string, Model>();

/** The folder of the models, which `npm run models` writes. */
export const modelFolder = path.join(__dirname, "models");

/** The model of a service, by the name that botocore gives it. It is read once, when it is first asked for. */
export function modelOf(service: string): Model {
  const known = models.get(service);
  if (known) return known;
  const model: Model = JSON.parse(fs.readFileSync(path.join(modelFolder, `${service}.json`), "utf8"));
  models.set(service, model);
  return model;
}

export function shapeOf({ shapes }: Model, name: string): Shape {
  const shape = shapes[name];
  if (!shape) throw new Error(`The model has no shape ${name}: write it anew with npm run models`);
  return shape;
}

/** The members of a structure, with the names that they have on the wire. */
export function membersOf({ members = {} }: Shape): { name: string; sent: string; member: Member }[] {
  return Object.entries(members).map(([name, member]) => ({ name, sent: member.locationName ?? name, member }));
}
