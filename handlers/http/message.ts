/** A request, whichever kind of API received it. */
export interface HttpRequest {
  method: string;
  /** The path that the routes match, percent-encoded: without the stage, or the base path of a custom domain. */
  path: string;
  /** The path as the caller wrote it, including the stage or base path. */
  clientPath: string;
  /** The headers by lower-case name; one sent more than once is joined with commas (RFC 9110, 5.3). */
  headers: Map<string, string>;
  /** The values of each query parameter. */
  query: Map<string, string[]>;
  body: Buffer;
  /** The caller: an ARN, an authorizer's principal, or `anonymous`. */
  caller: string;
  /** The id that API Gateway gave the request. */
  id: string;
}

/** A response, whichever kind of API sends it. */
export interface HttpResponse {
  statusCode: number;
  headers: Record<string, string>;
  /** The values of Set-Cookie, the one header that cannot be joined with commas (RFC 9110, 5.3). */
  cookies?: string[];
  body: string;
}
