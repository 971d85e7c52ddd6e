import type { IncomingHttpHeaders } from "node:http";
import type { AccessRequest, Effect } from "./policy";
import type { Facts } from "./variables";

/** Who has signed a request. */
export interface Caller {
  accessKeyId: string;
  /** Of a user, or of the session of a role. */
  arn: string;
  /** Such as `AIDA…`, or `AROA…:session`. */
  userId: string;
  /** The ARNs by which policies name it: its own, and of a session also its role's. */
  names: readonly string[];
  /** What condition keys say of it. */
  facts: Facts;
  /** What its own policies say of a request. */
  effectOn(request: AccessRequest): Effect | undefined;
}

/** A request that has arrived here. */
interface Received {
  sourceIp: string;
  headers: IncomingHttpHeaders;
  /** In milliseconds since 1970. */
  time: number;
  region: string;
}

/**
 * A request for a resource as policies see it. It counts as sent over TLS, which AWS demands and this machine does not have.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
 */
export function accessRequest(
  action: string,
  resource: string,
  { sourceIp, headers, time, region }: Received,
  caller?: Caller,
): AccessRequest {
  const facts = {
    "aws:currenttime": new Date(time).toISOString(),
    "aws:epochtime": String(Math.floor(time / 1000)),
    "aws:principaltype": "Anonymous",
    "aws:referer": headers.referer,
    "aws:requestedregion": region,
    "aws:securetransport": "true",
    "aws:sourceip": sourceIp,
    "aws:useragent": headers["user-agent"],
    ...caller?.facts,
  };
  return { action, resource, names: caller?.names ?? [], facts };
}
