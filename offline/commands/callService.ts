import * as http from "node:http";
import { buffer } from "node:stream/consumers";
import { signatureHeaders } from "../cloud/core/signature/sign";
import { ProgramError } from "../engine/errors";
import type { Session } from "./sessions";

/** A request to a service of a running start. */
export interface ServiceRequest {
  /** The signing name. */
  service: string;
  /** @default "POST" */
  method?: string;
  /** Path and query. @default "/" */
  url?: string;
  headers?: Record<string, string>;
  body: string | Buffer;
}

export interface ServiceAnswer {
  status: number;
  headers: http.IncomingHttpHeaders;
  body: string;
}

/** Sends a signed request, and waits as long as the service takes. @throws ProgramError when nothing answers */
export async function callService(
  session: Session,
  { service, method = "POST", url = "/", headers = {}, body }: ServiceRequest,
  signal: AbortSignal,
): Promise<ServiceAnswer> {
  const { host } = new URL(session.endpoint);
  const signed = signatureHeaders({ method, url, host, region: session.region, service, body }, session.credentials);
  const all = { ...headers, ...signed };
  const answer = await new Promise<http.IncomingMessage>((resolve, reject) => {
    const sent = http.request(session.endpoint + url, { method, headers: all, signal }, resolve);
    sent.on("error", (error) => reject(unreachable(error, session))).end(body);
  });
  return { status: answer.statusCode ?? 0, headers: answer.headers, body: (await buffer(answer)).toString() };
}

/**
 * Calls an operation of a service that speaks JSON.
 * @param target such as `Logs_20140328.FilterLogEvents`
 * @throws ProgramError with the service's message when it refuses
 */
export async function callJson<Output>(
  session: Session,
  service: string,
  target: string,
  input: object,
  signal: AbortSignal,
): Promise<Output> {
  const headers = { "content-type": "application/x-amz-json-1.1", "x-amz-target": target };
  const { status, body } = await callService(session, { service, headers, body: JSON.stringify(input) }, signal);
  const output = JSON.parse(body || "{}") as Output & { message?: string; Message?: string };
  if (status !== 200) throw new ProgramError(output.message ?? output.Message ?? body);
  return output;
}

/** A process that was killed leaves its announcement, and another may have its number. */
function unreachable(error: NodeJS.ErrnoException, { endpoint }: Session): Error {
  if (error.code !== "ECONNREFUSED") return error;
  return new ProgramError(`Nothing answers at ${endpoint} any more: run pulumi-offline start again.`);
}
