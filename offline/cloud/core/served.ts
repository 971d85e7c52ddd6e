/** Who may call a route: whoever signs the request, passes an authorizer or has an API key, or anyone. */
export type Auth = "iam" | "authorizer" | "key" | "none";

/** A route as it is served. */
export interface ServedRoute {
  /** In upper case, or `ANY`. */
  readonly method: string;
  /** Such as `/items/{id}`, or `$default`. */
  readonly path: string;
  readonly auth: Auth;
  /** The parameters that a request must have. */
  readonly required: readonly { name: string; in: "path" | "query" | "header" | "cookie" | "body" }[];
}

/** An API as it is served. */
export interface ServedApi {
  name: string;
  /** Of its first stage, without a trailing slash. */
  url: string;
  /** The same at its domain, if that is the only place where it answers. */
  domainUrl?: string;
  /** The region that its callers sign for. */
  region: string;
  /** The kinds of authorization that its routes require. */
  auth: Auth[];
  /** The routes of its first stage that answer, in the order of its definition. */
  routes: ServedRoute[];
}

/** A WebSocket API as it is served. */
export interface ServedSocket {
  name: string;
  /** Of its first stage, without a trailing slash. */
  url: string;
  /** The same at its domain, if that is the only place where it answers. */
  domainUrl?: string;
  /** The region that its callers sign for. */
  region: string;
  /** Who may connect. */
  auth: Auth;
  /** The keys of its routes. */
  routes: string[];
}

/** A function URL as it is served. */
export interface ServedUrl {
  name: string;
  /** With a trailing slash, as in the cloud. */
  url: string;
  functionName: string;
  auth: "iam" | "none";
  /** The region that its callers sign for. */
  region: string;
}

/** A site as it is served. */
export interface ServedSite {
  name: string;
  /** A bucket's website, a distribution of CloudFront, or a listener of a load balancer. */
  kind: "website" | "distribution" | "load balancer";
  /** With a slash at its end. */
  url: string;
}
