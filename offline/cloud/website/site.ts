import type { IncomingHttpHeaders } from "node:http";
import type { Readable } from "node:stream";

/** A request for a page. */
export interface SiteRequest {
  method: string;
  /** As sent, without the query. */
  path: string;
  /** With its `?`; empty if there is none. */
  query: string;
  headers: IncomingHttpHeaders;
  /** What a POST or PUT sends. */
  body: Readable;
}

export interface SiteAnswer {
  status: number;
  headers: Record<string, string | string[]>;
  /** @default empty */
  body?: string | Readable;
  /** For the log only, not for the caller. */
  explanation?: string;
}

/** Something that answers requests for pages: a bucket's website, or a distribution. */
export interface Site {
  answer(request: SiteRequest): Promise<SiteAnswer>;
}

/** The key of the object that a path names; undefined if it is not UTF-8. */
export function keyIn(path: string): string | undefined {
  try {
    return decodeURIComponent(path.replace(/^\//, ""));
  } catch {
    return undefined;
  }
}

/** A key as a path. */
export function pathOf(key: string): string {
  return `/${key.split("/").map(encodeURIComponent).join("/")}`;
}
