import type { IncomingMessage } from "node:http";
import type { Readable } from "node:stream";
import type { AwsError } from "../awsError";
import type { Member, Model, Operation } from "../model";
import type { Input } from "../types";

/** A request as it came. */
export interface Received {
  request: IncomingMessage;
  /** The request's target: a path, and perhaps a query. */
  url: string;
  body: Buffer;
}

/** An answer as it is sent. */
export interface Sent {
  status: number;
  headers: Record<string, string>;
  body: string | Buffer | Readable;
}

/** How a service's requests and answers are written. @see https://smithy.io/2.0/aws/protocols/index.html */
export interface Protocol {
  /** The name of the operation that is asked for, as the caller gives it; undefined if it is none of the model's. */
  operationOf(model: Model, received: Received): string | undefined;
  /** The error for a name that the model does not know. */
  unknown(model: Model, received: Received): AwsError;
  /** @throws SyntaxError, URIError or Malformed */
  read(model: Model, operation: Operation, received: Received): Input;
  write(model: Model, operation: Operation, name: string, output: object, requestId: string): Sent;
  /** The answer for an error whose status is known. */
  refuse(model: Model, error: AwsError, status: number, requestId: string): Sent;
  /** A part of an answer that is sent by itself, such as an event. Absent in protocols whose streams are not emulated. */
  encode?(model: Model, member: Member, value: object): { contentType: string; body: string | Buffer };
  /** The codes of errors that every service has. */
  codes: { internal: string; throttled: string; invalid: string; malformed: string };
}
