import type { IncomingHttpHeaders } from "node:http";

/** An X-Ray trace header, as the function receives it and as the caller gets it back. */
export interface Trace {
  received: string;
  returned: string;
}

interface Traced {
  /** A UUID. */
  id: string;
  /** In milliseconds since 1970. @default now */
  time?: number;
  /** @default none */
  headers?: IncomingHttpHeaders;
}

/**
 * The trace of a request, which is not sampled unless its caller says so: what the caller sent stays, and what is missing
 * is made from the request's id.
 * @see "Tracing header" in the AWS X-Ray Developer Guide
 */
export function traceOf({ id, time = Date.now(), headers = {} }: Traced): Trace {
  const header = headers["x-amzn-trace-id"];
  const sent: Fields = header ? fieldsOf(String(header)) : {};
  const hex = id.replaceAll("-", "");
  const seconds = Math.floor(time / 1000).toString(16);
  const { Root = `1-${seconds.padStart(8, "0")}-${hex.slice(0, 24)}`, Parent, Sampled } = sent;
  return {
    received: print({ Root, Parent, Sampled }),
    returned: print({ Root, Parent: Parent ?? hex.slice(16), Sampled: Sampled ?? "0" }),
  };
}

type Fields = Partial<Record<"Root" | "Parent" | "Sampled", string>>;

function fieldsOf(header: string): Fields {
  return Object.fromEntries(
    [...header.matchAll(/(Root|Parent|Sampled)=([\w-]+)/g)].map(([, name, value]) => [name, value]),
  );
}

function print({ Root, Parent, Sampled }: Fields): string {
  return `Root=${Root}${Parent ? `;Parent=${Parent}` : ""}${Sampled ? `;Sampled=${Sampled}` : ""}`;
}
