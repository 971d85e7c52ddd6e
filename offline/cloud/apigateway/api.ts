import type { Invoker, Target } from "../core/invoker";
import type { Document, Integration, Operation, Parameter, PathItem } from "./document";
import { operationsOf } from "./document";
import { messageAnswer } from "./http";
import { binaryTypes } from "./mediaTypes";
import { compileMock, type Responder } from "./mock";
import type { ApiModel, StageModel } from "./model";
import { callFunction, faultOf } from "./proxy";
import type { GatewayAnswer, GatewayRequest } from "./request";
import { GatewayResponses, Rejection } from "./responses";
import { Router } from "./router";
import type { SignatureCheck } from "./signature";
import { streamFunction } from "./streaming";
import { mapHeaders, TemplateError } from "./template";
import { type Throttle, throttlesOf } from "./throttle";
import { compileValidator, type Validator } from "./validation";

/** What a route needs beyond the document. */
export interface Surroundings {
  functions: Invoker;
  checkSignature: SignatureCheck;
  /** False while debugging: a breakpoint must not end the request. */
  enforceTimeout: boolean;
  log(line: string): void;
}

/** One method of one path, ready to answer. */
export interface Route {
  method: string;
  path: string;
  operationId?: string;
  auth: "iam" | "none";
  /** The parameters that the document requires. */
  required: Pick<Parameter, "name" | "in">[];
  /** The name of the function behind it, if there is one. */
  target?: string;
  throttle?: Throttle;
  validate?: Validator;
  respond: Responder;
  /** Why the route answers 501. */
  problem?: string;
}

/** A stage of an API: compiled once from its document. */
export class ApiStage {
  readonly routes: Route[] = [];
  readonly responses: GatewayResponses;
  private readonly router = new Router<Map<string, Route>>();
  private readonly isBinary;
  private readonly throttleOf: ReturnType<typeof throttlesOf>;

  constructor(
    readonly api: ApiModel,
    readonly stage: StageModel,
    private readonly surroundings: Surroundings,
  ) {
    this.isBinary = binaryTypes(api.binaryMediaTypes);
    this.responses = new GatewayResponses(api.document);
    this.throttleOf = throttlesOf(stage.methodSettings);
    for (const [path, item] of Object.entries(api.document.paths ?? {})) {
      const routes = operationsOf(item as PathItem).map(
        ([method, operation]): Route => ({
          method,
          path,
          operationId: operation.operationId,
          required: requiredOf(operation),
          throttle: this.throttleOf(path, method),
          ...this.compile(operation),
        }),
      );
      this.routes.push(...routes);
      this.router.add(path, new Map(routes.map((route) => [route.method, route])));
    }
  }

  /** The route for a method and a path. Throttles are set for real methods, so ANY has one for each of them. */
  find(method: string, path: string): { route: Route; parameters: Record<string, string> } | undefined {
    const found = this.router.find(path, (routes) => routes.has(method) || routes.has("ANY"));
    const any = found?.resource.get("ANY");
    const route = found?.resource.get(method) ?? (any && { ...any, throttle: this.throttleOf(any.path, method) });
    return found && route && { route, parameters: found.parameters };
  }

  /** Takes a request through authorization, throttling and validation to its integration. */
  async answer(request: GatewayRequest, route: Route | undefined): Promise<GatewayAnswer> {
    try {
      if (!route) throw new Rejection("MISSING_AUTHENTICATION_TOKEN", "Missing Authentication Token");
      if (route.auth === "iam") request.caller = this.surroundings.checkSignature(request);
      if (route.throttle && !route.throttle.take(request.time)) throw new Rejection("THROTTLED", "Too Many Requests");
      route.validate?.(request);
      return await route.respond(request);
    } catch (error) {
      if (!(error instanceof Rejection)) throw error;
      if (error.explanation) this.surroundings.log(`${request.method} ${route?.path} | ${error.explanation}`);
      return this.responses.answer(error, request);
    }
  }

  private compile(operation: Operation): Pick<Route, "auth" | "target" | "validate" | "respond" | "problem"> {
    const { document } = this.api;
    try {
      const auth = authOf(operation, document);
      const validate = compileValidator(operation, document);
      return { auth, validate, ...this.compileIntegration(operation["x-amazon-apigateway-integration"]) };
    } catch (error) {
      if (!(error instanceof NotServable || error instanceof TemplateError)) throw error;
      const { message } = error;
      const respond = () => messageAnswer(501, `This route is not served offline: ${message}`);
      return { auth: "none", problem: message, respond };
    }
  }

  private compileIntegration(integration: Integration | undefined): Pick<Route, "respond" | "target"> {
    const type = integration?.type?.toLowerCase();
    if (!integration || !type) throw new NotServable("it has no integration");
    if (type === "mock") return { respond: compileMock(integration, this.isBinary) };
    if (type !== "aws_proxy") throw new NotServable(`its integration type ${type} is not emulated`);
    const streams = integration.responseTransferMode?.toUpperCase() === "STREAM";
    const target = this.targetOf(integration.uri ?? "", streams);
    const { functions, enforceTimeout } = this.surroundings;
    const serve = streams ? streamFunction : callFunction;
    const fault = faultOf(integration);
    const call = (request: GatewayRequest) => {
      if (fault) throw new Rejection("INTEGRATION_FAILURE", "Internal server error", undefined, fault);
      request.tenantId = tenantIn(request, integration);
      return serve(functions, target, request, this.isBinary);
    };
    const respond = enforceTimeout ? withTimeout(call, integration.timeoutInMillis ?? 29_000) : call;
    return { target: target.name, respond };
  }

  private targetOf(uri: string, streams: boolean): Target {
    const withVariables = uri.replace(/\$\{stageVariables\.([\w-]+)\}/g, (_, name) => this.stage.variables[name] ?? "");
    const [, reference, kind] = /\/functions\/(.+)\/((?:response-streaming-)?invocations)$/.exec(withVariables) ?? [];
    if (reference && (kind === "response-streaming-invocations") !== streams) {
      const mode = streams ? "STREAM" : "BUFFERED";
      throw new NotServable(`its responseTransferMode is ${mode}, but its uri ends in /${kind}`);
    }
    const target = reference && this.surroundings.functions.find(reference);
    if (!target) throw new NotServable(`its integration ${withVariables} does not name a function of the program`);
    return target;
  }
}

function requiredOf({ parameters = [] }: Operation): Route["required"] {
  return parameters.filter(({ required }) => required).map(({ name, in: place }) => ({ name, in: place }));
}

/** @see https://docs.aws.amazon.com/lambda/latest/dg/tenant-isolation-invoke.html */
function tenantIn(request: GatewayRequest, { requestParameters = {} }: Integration): string | undefined {
  const headers = mapHeaders(requestParameters, "integration.request.header.", request);
  return headers.find(([name]) => name.toLowerCase() === "x-amz-tenant-id")?.[1];
}

/** The document uses something that is not emulated: the route says so instead of answering wrongly. */
class NotServable extends Error {}

function authOf(operation: Operation, document: Document): Route["auth"] {
  const type = (operation["x-amazon-apigateway-auth"] ?? document["x-amazon-apigateway-auth"])?.type?.toUpperCase();
  if (type === "AWS_IAM") return "iam";
  if (type && type !== "NONE") throw new NotServable(`its authorization ${type} is not emulated`);
  const [requirement = {}] = operation.security ?? document.security ?? [];
  for (const name of Object.keys(requirement)) {
    const scheme = document.components?.securitySchemes?.[name];
    if (scheme?.["x-amazon-apigateway-authtype"] === "awsSigv4") return "iam";
    throw new NotServable(`its security scheme ${name} is not emulated, only awsSigv4 is`);
  }
  return "none";
}

function withTimeout(respond: Responder, milliseconds: number): Responder {
  return async (request) => {
    let timer: NodeJS.Timeout | undefined;
    const timeout = new Promise<never>((_, reject) => {
      const expire = () => reject(new Rejection("INTEGRATION_TIMEOUT", "Endpoint request timed out"));
      timer = setTimeout(expire, milliseconds);
    });
    try {
      return await Promise.race([respond(request), timeout]);
    } finally {
      clearTimeout(timer);
    }
  };
}
