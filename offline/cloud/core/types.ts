/** The key pair that callers sign with. */
export interface Credentials {
  accessKeyId: string;
  secretAccessKey: string;
}

/** How the program's code calls AWS, and where its log lines go. */
export interface CodeContext {
  /** The endpoint's address. */
  endpoint: string;
  credentials: Credentials;
  log(line: string): void;
}

/** What reconciling did to a served resource. `kept` means that a change could not be applied. */
export interface Change {
  action: "added" | "updated" | "removed" | "kept";
  kind:
    | "function"
    | "table"
    | "api"
    | "site"
    | "load balancer"
    | "bucket"
    | "object"
    | "job queue"
    | "job definition"
    | "cluster"
    | "application"
    | "secret"
    | "parameter"
    | "queue"
    | "topic"
    | "subscription"
    | "stream"
    | "event bus"
    | "rule"
    | "schedule"
    | "event source mapping"
    | "pipe"
    | "instance";
  name: string;
}

/** An event that an AWS service emits, such as `Object Created`. */
export interface AwsEvent {
  /** Such as `aws.s3`. */
  source: string;
  detailType: string;
  detail: object;
  /** ARNs. */
  resources: string[];
  region: string;
}

/** Puts an event on the default event bus. */
export type Publish = (event: AwsEvent) => void;

/** The parameters of a request, with types unchecked. */
export type Input = Record<string, unknown>;

/** The credential scope of a signed request. */
export interface Scope {
  accessKeyId: string;
  region: string;
  /** The service's signing name, such as `dynamodb`. */
  service: string;
}
