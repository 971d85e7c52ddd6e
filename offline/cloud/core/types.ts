/** The key pair that callers sign with. */
export interface Credentials {
  accessKeyId: string;
  secretAccessKey: string;
}

/** What code that runs for the program calls AWS with, and where the lines of its log go. */
export interface CodeContext {
  /** The endpoint's address. */
  endpoint: string;
  credentials: Credentials;
  log(line: string): void;
}

/** What reconciling did to one resource that is served. `kept` means that a change could not be taken over. */
export interface Change {
  action: "added" | "updated" | "removed" | "kept";
  kind: "function" | "table" | "api" | "bucket" | "object" | "job queue" | "job definition" | "cluster" | "application";
  name: string;
}

/** The parameters of a request: nothing is sure about their types. */
export type Input = Record<string, unknown>;

/** The credential scope of a signed request. */
export interface Scope {
  accessKeyId: string;
  region: string;
  /** The service's signing name, such as `dynamodb`. */
  service: string;
}
