/** Who may call a route. */
export const ApiAuth = {
  /** Requests signed (AWS Signature Version 4) by an identity that is allowed `execute-api:Invoke`. */
  Iam: "iam",
  /** Anybody. */
  None: "none",
} as const;
export type ApiAuth = (typeof ApiAuth)[keyof typeof ApiAuth];

/** What API Gateway checks in a request before it calls the function. */
export const Validation = {
  /** Nothing: the function checks, and can say in detail what is wrong. */
  None: "none",
  /** That required parameters are present. */
  Parameters: "parameters",
  /** The body against its JSON Schema. A body whose media type the route does not declare is not checked. */
  Body: "body",
  All: "all",
} as const;
export type Validation = (typeof Validation)[keyof typeof Validation];

/** Where a parameter is in the request. */
export const ParameterLocation = { Path: "path", Query: "query", Header: "header" } as const;
export type ParameterLocation = (typeof ParameterLocation)[keyof typeof ParameterLocation];

/**
 * A JSON Schema in OpenAPI 3.0's dialect, with all its parts inline. If it, or a part of it, has a `title` that is a
 * name (letters, digits, `.`, `_`, `-`), the API's document has it once, under that name, and refers to it.
 */
// biome-ignore lint/suspicious/noExplicitAny: any JSON; Pulumi's analyzer accepts no other type (pulumi.json#/Any).
export type JsonSchema = any;

/** A parameter of a route. */
export interface ParameterArgs {
  /** Where the parameter is. */
  in: ParameterLocation;
  /** Whether callers must send it; a path's parameters are always required. @default false */
  required?: boolean;
  /** What the parameter is for. @default none */
  description?: string;
  /** What its values are like. */
  schema: JsonSchema;
}

/** A body of one media type. */
export interface MediaTypeArgs {
  /** What the body is like. */
  schema: JsonSchema;
}

/** The body of a request. */
export interface RequestBodyArgs {
  /** What the body is for. @default none */
  description?: string;
  /** Whether callers must send a body. @default false */
  required?: boolean;
  /** The content by media type. */
  content: Record<string, MediaTypeArgs>;
}

/** A header of a response. */
export interface HeaderArgs {
  /** What the header is for. @default none */
  description?: string;
  /** What its values are like. */
  schema: JsonSchema;
}

/** A response. */
export interface ResponseArgs {
  /** When the route responds with it; OpenAPI requires a description. */
  description: string;
  /** Its headers by name. @default none */
  headers?: Record<string, HeaderArgs>;
  /** The content by media type. */
  content?: Record<string, MediaTypeArgs>;
}

/** The fields of an OpenAPI 3.0 operation, its parameters keyed by their names. */
export interface OperationArgs {
  /**
   * The operation's name, unique in the API.
   * @pattern `^[\w-]{1,64}$` @write up to 64 letters, digits, `_` and `-`
   * @see https://docs.aws.amazon.com/lambda/latest/api/API_AddPermission.html, as it also names the function's
   * permission
   */
  operationId: string;
  /** What the operation does, in a few words. @default none */
  summary?: string;
  /** What the operation does, in full; Markdown is allowed. @default none */
  description?: string;
  /** Names that group operations in documentation. @default none */
  tags?: string[];
  /** Parameters by name. Path parameters may be left out. */
  parameters?: Record<string, ParameterArgs>;
  /** The body that callers send. @default none */
  requestBody?: RequestBodyArgs;
  /** Responses by status, or `default`. */
  responses?: Record<string, ResponseArgs>;
}

/** How a function's response reaches the caller. */
export const ResponseTransferMode = {
  /** As a whole, when the function has ended: at most 6 MB from a function. */
  Buffered: "BUFFERED",
  /** Piece by piece, as the function writes it with `awslambda.streamifyResponse`. */
  Stream: "STREAM",
} as const;
export type ResponseTransferMode = (typeof ResponseTransferMode)[keyof typeof ResponseTransferMode];

/** How responses of a GET route are kept. Callers share them, whoever they are: only their parameters tell them apart. */
export interface RouteCacheArgs {
  /** How long a response is kept, 1–3,600. @minimum 1 @maximum 3600 @unit seconds @default 300 */
  ttlInSeconds?: number;
  /** The parameters of the route for whose values there are different responses. @default all of them */
  keys?: string[];
}

/** The licence of an API. */
export interface LicenseArgs {
  /** Its name, such as `Apache-2.0`. */
  name: string;
  /** Where its text is. @default none */
  url?: string;
}

/** Whom to ask about an API. */
export interface ContactArgs {
  /** The name of a person or team. @default none */
  name?: string;
  /** A page. @default none */
  url?: string;
  /** An address. @default none */
  email?: string;
}

/**
 * The origin of a web page.
 * @pattern `^(?:\*|https?:\/\/[\w.-]+(?::\d+)?)$` @write an origin such as https://example.com, or "*"
 */
export type CorsOrigin = string;

/** A method that pages may use. @choices `["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"]` */
export type CorsMethod = string;

/** The name of a header. @pattern `^[\w!#$%&*+.^\x60|~-]+$` @write the name of one header */
export type CorsHeader = string;

/** Which web pages may call the API. */
export interface CorsArgs {
  /**
   * The origin, such as `https://example.com`, or `*`; an empty list is the same as no `cors`. At most 1: a browser
   * accepts one, and API Gateway's own responses (to preflight requests, and errors) cannot choose among several.
   * @maxItems 1 @write one origin, or "*"; or answer OPTIONS routes with a function, which can choose among several
   */
  allowOrigins: CorsOrigin[];
  /** Methods that pages may use. @default the methods of each path */
  allowMethods?: CorsMethod[];
  /** Request headers that pages may send. @default what signed JSON requests need, and the routes' header parameters */
  allowHeaders?: CorsHeader[];
  /** Response headers that a page may read. @default none */
  exposeHeaders?: CorsHeader[];
  /**
   * How long a browser may cache a preflight response, in seconds, at most 86,400.
   * @minimum 0 @maximum 86400 @unit seconds @default 600
   */
  maxAge?: number;
  /** Let pages send cookies and authorization headers; not with `*`. @default false */
  allowCredentials?: boolean;
}

/** One of API Gateway's own responses; what is left out stays as the component has it. */
export interface GatewayResponseArgs {
  /** The status, 100–599. @minimum 100 @maximum 599 @default AWS's own */
  statusCode?: number;
  /** Headers and their values, besides those of CORS. @default none */
  headers?: Record<string, string>;
  /**
   * Templates of the body by media type; they can contain variables, such as `$context.error.messageString`.
   * @default a problem (RFC 9457)
   */
  templates?: Record<string, string>;
}
