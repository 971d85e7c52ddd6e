import type * as pulumi from "@pulumi/pulumi";
import type { AccessArgs } from "../access";

/** The method of a request that API Gateway sends. @choices `["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"]` */
export type TargetMethod = string;

/**
 * Where a part of a request comes from: text in single quotes, a parameter that the route declares, or a variable.
 * @pattern `^(?:'[^']*'|method\.request\.(?:header|querystring|path)\.[\w:.$-]+|method\.request\.body(?:\.\S+)?|(?:context|stageVariables)\.[\w.]+)$`
 * @write 'text', method.request.path.id, method.request.querystring.q, method.request.header.X or context.requestId
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/rest-api-parameter-mapping-sources.html
 */
export type RequestValue = string;

/**
 * Where a header of a response comes from: text in single quotes, a part of the target's response, or a variable.
 * @pattern `^(?:'[^']*'|integration\.response\.(?:(?:multivalue)?header\.[\w:.$-]+|body(?:\.\S+)?)|(?:context|stageVariables)\.[\w.]+)$`
 * @write 'text', integration.response.header.X, integration.response.body.id or context.requestId
 */
export type ResponseValue = string;

/** A response to the caller, made of a target's response. */
export interface MappedResponseArgs {
  /** The status, 100–599. @minimum 100 @maximum 599 */
  status: number;
  /** Headers by name. @default none */
  headers?: Record<string, ResponseValue>;
  /** Bodies by media type, as Velocity templates. @default the target's body */
  templates?: Record<string, pulumi.Input<string>>;
}

/** A response that API Gateway makes by itself. */
export interface MockTargetArgs {
  /** The status, 100–599. @minimum 100 @maximum 599 @default 200 */
  status?: number;
  /** Headers by name. @default none */
  headers?: Record<string, ResponseValue>;
  /** The body's media type. @default "application/json" */
  contentType?: string;
  /** The body, as a Velocity template. @default empty */
  template?: pulumi.Input<string>;
}

/** A web server. */
export interface HttpTargetArgs {
  /** Its URL; `{id}` stands for the route's parameter of that name. */
  url: pulumi.Input<string>;
  /** The method of the request to it. @default the caller's */
  method?: TargetMethod;
  /** A VPC link through which it is reached. @default none: through the Internet */
  vpcLinkId?: pulumi.Input<string>;
  /** The load balancer, Application or Network, that a VPC link reaches; on REST APIs only. @default the link's own */
  integrationTarget?: pulumi.Input<string>;
  /** Pass requests and responses on as they are. With `false`, on REST APIs, the mappings below apply. @default true */
  proxy?: boolean;
  /** Parts of the request, by `header.`, `querystring.` or `path.` and a name. @default path parameters, by their names */
  requestParameters?: Record<string, RequestValue>;
  /** The body of the request by the media type of the caller's, as Velocity templates. @default the caller's body */
  requestTemplates?: Record<string, pulumi.Input<string>>;
  /** Responses by a regular expression for the target's status, or `default`. @default its body, with the status 200 */
  responses?: Record<string, MappedResponseArgs>;
}

/** An AWS service in the API's own region. */
export interface ServiceTargetArgs {
  /**
   * The service as ARNs of API Gateway name it, such as `sqs`, `dynamodb`, `kinesis`, `events`, `batch` or `states`.
   * @pattern `^[\w.-]+$` @write the service's name, such as sqs
   */
  service: string;
  /** The API's operation, such as `PutItem`. Give this or `path`. */
  action?: string;
  /** The path of the request, such as `123456789012/orders` of a queue, or `v1/submitjob` of Batch. */
  path?: pulumi.Input<string>;
  /** The method of the request to it. @default "POST" */
  method?: TargetMethod;
  /**
   * What the route may use, at least 1: results of the `access()` of tables, queues, streams, batches and others. Only
   * their statements count; all routes of the API share one role.
   * @minItems 1 @write what the role allows, such as queue.access("send")
   */
  access: pulumi.Input<AccessArgs>[];
  /** Parts of the request, by `header.`, `querystring.` or `path.` and a name. @default none */
  requestParameters?: Record<string, RequestValue>;
  /** The body of the request by the media type of the caller's, as Velocity templates. @default the caller's body */
  requestTemplates?: Record<string, pulumi.Input<string>>;
  /** Responses by a regular expression for the service's status, or `default`. @default its body, with the status 200 */
  responses?: Record<string, MappedResponseArgs>;
}
