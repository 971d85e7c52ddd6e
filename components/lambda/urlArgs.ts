/** Who may call a function's URL. */
export const UrlAuth = {
  /** Requests signed by an identity with permission. */
  Iam: "iam",
  /** Anybody on the Internet. */
  None: "none",
} as const;
export type UrlAuth = (typeof UrlAuth)[keyof typeof UrlAuth];

/**
 * A method that may call a function's URL; Lambda handles OPTIONS itself, and allows at most six letters.
 * @choices `["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "*"]`
 * @see https://docs.aws.amazon.com/lambda/latest/api/API_Cors.html
 */
export type UrlMethod = string;

/** Which web pages may call a function's URL. */
export interface UrlCorsArgs {
  /** Origins, such as `https://example.com`. */
  allowOrigins: string[];
  /** Methods, at most 6. @maxItems 6 @default ["*"], all */
  allowMethods?: UrlMethod[];
  /** Request headers. @default ["content-type"] */
  allowHeaders?: string[];
  /** Response headers that a page may read. @default none */
  exposeHeaders?: string[];
  /**
   * How long a browser may cache a preflight response, in seconds, at most 86,400.
   * @minimum 0 @maximum 86400 @unit seconds @default 600
   */
  maxAge?: number;
}

/** A function's own HTTPS address. */
export interface UrlArgs {
  /** Who may call it. @default "iam" */
  auth?: UrlAuth;
  /** Which web pages may call it. @default only those of its own origin */
  cors?: UrlCorsArgs;
  /** Stream the response. @default false */
  streaming?: boolean;
}
