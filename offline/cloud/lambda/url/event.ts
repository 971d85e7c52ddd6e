import type { IncomingMessage } from "node:http";
import { account } from "../../../engine/context";
import type { Caller } from "../../core/iam/caller";
import { bodyOf, eventOf, signerOf } from "../../core/payload/event";
import { queryOf } from "../../core/signature/signature";
import type { UrlSettings } from "./settings";

/**
 * The event, as JSON, with which a function URL invokes its function.
 * @param caller who signed the request, if the URL requires a signature
 * @param trace the header of the request's trace
 */
export function eventFor(
  request: IncomingMessage,
  body: Buffer,
  { id, requestId, caller, trace }: Pick<UrlSettings, "id"> & { requestId: string; caller?: Caller; trace: string },
): string {
  const { method = "GET", url = "/", headers, rawHeaders, httpVersion, socket } = request;
  const [, rawPath = "/", rawQuery = ""] = /^([^?]*)\??(.*)$/s.exec(url) ?? [];
  const event = eventOf({
    method,
    rawPath,
    rawQuery,
    query: queryOf(url),
    headers,
    rawHeaders,
    sourceIp: socket.remoteAddress ?? "127.0.0.1",
    protocol: `HTTP/${httpVersion}`,
    time: Date.now(),
    trace,
    routeKey: "$default",
    stage: "$default",
    accountId: caller ? account : "anonymous",
    apiId: id,
    requestId,
    authorizer: caller && { iam: signerOf(caller) },
  });
  return JSON.stringify({ ...event, ...bodyOf(body, headers["content-type"]) });
}
