import type { IncomingMessage, ServerResponse } from "node:http";

/** The key pair that callers sign with. */
export interface Credentials {
  accessKeyId: string;
  secretAccessKey: string;
}

/** What an update did to one resource that is served. `kept` means that a change could not be taken over. */
export interface Change {
  action: "added" | "updated" | "removed" | "kept";
  kind: "function" | "table" | "api" | "bucket" | "object" | "job queue" | "job definition" | "cluster" | "application";
  name: string;
}

/** The credential scope of a signed request. */
export interface Scope {
  accessKeyId: string;
  region: string;
  /** The service's signing name, such as `dynamodb`. */
  service: string;
}

/** Answers the requests that are signed for one AWS service. */
export type Service = (request: IncomingMessage, response: ServerResponse, scope: Scope) => void | Promise<void>;
