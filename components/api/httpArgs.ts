import type * as apigatewayv2 from "@pulumi/aws/apigatewayv2";
import type { CorsArgs, CorsOrigin, ServerlessApiArgs, ThrottleArgs } from "./args";

/** Which web pages may call an HTTP API. */
export interface HttpCorsArgs extends CorsArgs {
  /** The origins, such as `https://example.com`, or `*`; an empty list is the same as no `cors`. */
  allowOrigins: CorsOrigin[];
}

/**
 * Arguments of {@link HttpApi}: those of a {@link ServerlessApi}, so that one can be replaced with the other. What HTTP
 * APIs cannot do is a mistake that says what to write instead: `validation`, `documentPath`, `tracing`,
 * `cloudWatchRole`, `endpointType`, `securityPolicy`, `endpointAccessMode`, `vpcEndpointIds`, `resourcePolicy`,
 * `minimumCompressionSize`, `binaryMediaTypes`, `waf`, `cacheSize`, `clientCertificateId`, `canary`, `gatewayResponses`
 * and `restApiArgs`, and of routes also `cache`, `responseTransferMode`, `tenantId` and a `timeoutInMillis` over 30,000.
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-vs-rest.html
 */
export interface HttpApiArgs extends ServerlessApiArgs {
  /** The API's name, also in its document, 1 to 128 characters. @minLength 1 @maxLength 128 @default the component's name */
  title?: string;
  /** The API's version in its document, 1 to 64 characters. @maxLength 64 @minLength 1 @default "1.0.0" */
  version?: string;
  /** What the API is for, in up to 1,024 characters. @maxLength 1024 @default none */
  description?: string;
  /**
   * The stage's name, the first part of the path; `$default` is not part of the path. @default "Prod"
   * @pattern `^(?:\$default|[\w-]{1,128})$` @write 1 to 128 letters, digits, `_` and `-`, or $default
   */
  stageName?: string;
  /** Which web pages may call the API. @default only those of its own origin */
  cors?: HttpCorsArgs;
  /** Limits on the requests to each route. @default 10,000 requests a second, and 5,000 at once */
  throttle?: ThrottleArgs;
  /** Further arguments of the API itself; they override this component's, except `body` and `name`. @default none */
  httpApiArgs?: Partial<apigatewayv2.ApiArgs>;
}
