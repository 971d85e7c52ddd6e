import type { Answer } from "../core/answer";
import { readBody } from "../core/body";
import type { Target } from "../core/invoker";
import { ResourcePolicy } from "./authorizers/access";
import { Answers } from "./authorizers/answers";
import { type Authorization, compileAuthorization } from "./authorizers/authorization";
import { compressed } from "./compression";
import type { Integration, Operation, PathItem } from "./definition/document";
import { NotServable, operationsOf } from "./definition/document";
import type { ApiModel, StageModel } from "./definition/model";
import type * as aws from "./integrations/aws";
import type * as files from "./integrations/files";
import type * as http from "./integrations/http";
import type * as httpProxy from "./integrations/httpProxy";
import { mock } from "./integrations/mock";
import { type Backend, compileIntegration, type Responder } from "./integrations/pipeline";
import { callFunction, faultOf } from "./integrations/proxy";
import { streamFunction } from "./integrations/streaming";
import { withTimeout } from "./integrations/timeout";
import { createRequest, LIMIT, messageAnswer, textAnswer } from "./request/http";
import { binaryTypes } from "./request/mediaTypes";
import { type GatewayRequest, withDefaults } from "./request/request";
import { GatewayResponses, Rejection, timedOut } from "./responses/responses";
import type { RouteFacts } from "./routeFacts";
import { Router } from "./router";
import type { Arrival, Served, Stage, Surroundings } from "./stage";
import { mapHeaders, TemplateError } from "./templates/template";
import type { Throttle, throttlesOf } from "./throttle";
import { compileValidator, type Validator } from "./validation/validation";

/** One method of one path, ready to answer. */
export interface Route extends RouteFacts {
  operationId?: string;
  throttle?: Throttle;
  authorize?: Authorization["authorize"];
  validate?: Validator;
  respond: Responder;
}

/** A stage of a REST API: compiled once from its document. */
export class ApiStage implements Stage {
  readonly path: string;
  readonly routes: Route[] = [];
  private readonly responses: GatewayResponses;
  private readonly router = new Router<Map<string, Route>>();
  private readonly isBinary;
  /** Of the Lambda authorizers, by name. */
  private readonly answers = new Map<string, Answers<unknown>>();
  private readonly policy: ResourcePolicy;

  constructor(
    readonly api: ApiModel,
    readonly stage: StageModel,
    private readonly surroundings: Surroundings,
    /** Shared with its canary, if it has one. */
    private readonly throttleOf: ReturnType<typeof throttlesOf>,
  ) {
    this.path = `/${stage.name}`;
    this.isBinary = binaryTypes(api.binaryMediaTypes);
    this.responses = new GatewayResponses(api.document);
    this.policy = new ResourcePolicy(api);
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

  get problems(): string[] {
    return this.responses.problems;
  }

  async serve({ id, message, ...location }: Arrival): Promise<Served> {
    const found = this.find(message.method ?? "GET", location.path);
    const request = createRequest(id, message, { stage: this, ...location }, found);
    try {
      request.body = await readBody(message, LIMIT);
    } catch (error) {
      if (error !== LIMIT.error) throw error;
      const answer = textAnswer(413, LIMIT.error.message);
      return { answer: { ...answer, headers: [...answer.headers, ["Connection", "close"]] } };
    }
    const answer = await this.answer(request, found?.route);
    const { "accept-encoding": accepted } = message.headers;
    return { answer: compressed(answer, this.api.minimumCompressionSize, accepted), invoked: request.invoked };
  }

  /** The route for a method and a path. Throttles are set for real methods, so ANY has one for each of them. */
  private find(method: string, path: string): { route: Route; parameters: Record<string, string> } | undefined {
    const found = this.router.find(path, (routes) => routes.has(method) || routes.has("ANY"));
    const any = found?.resource.get("ANY");
    const route = found?.resource.get(method) ?? (any && { ...any, throttle: this.throttleOf(any.path, method) });
    return found && route && { route, parameters: found.parameters };
  }

  /** Takes a request through authorization, throttling and validation to its integration. */
  private async answer(request: GatewayRequest, route: Route | undefined): Promise<Answer> {
    try {
      if (!route) throw new Rejection("MISSING_AUTHENTICATION_TOKEN", "Missing Authentication Token");
      if (route.authorize) await route.authorize(request);
      if (route.throttle && !route.throttle.take(request.time)) throw new Rejection("THROTTLED", "Too Many Requests");
      route.validate?.(request);
      return await route.respond(request);
    } catch (caught) {
      const error = caught instanceof TemplateError ? failedTemplate(caught) : caught;
      if (!(error instanceof Rejection)) throw error;
      if (error.explanation) this.surroundings.log(`${request.method} ${route?.path} | ${error.explanation}`);
      return this.responses.answer(error, request);
    }
  }

  /** Forgets what Lambda authorizers have answered, as their code may have changed. */
  forget(): void {
    for (const answers of this.answers.values()) answers.clear();
  }

  private answersOf(authorizer: string): Answers<unknown> {
    const answers = this.answers.get(authorizer) ?? new Answers<unknown>();
    this.answers.set(authorizer, answers);
    return answers;
  }

  private compile(operation: Operation): Omit<Route, "method" | "path" | "required" | "throttle"> {
    const { api, stage, surroundings } = this;
    const targetOf = (uri: string) => this.targetOf(uri, false);
    const answersOf = (name: string) => this.answersOf(name);
    const means = { ...surroundings, api, stage, policy: this.policy, targetOf, answersOf };
    try {
      const authorization = compileAuthorization(operation, means);
      const validate = compileValidator(operation, api.document);
      return { ...authorization, validate, ...this.compileIntegration(operation["x-amazon-apigateway-integration"]) };
    } catch (error) {
      if (!(error instanceof NotServable || error instanceof TemplateError)) throw error;
      const { message } = error;
      const respond = () => messageAnswer(501, `This route is not served offline: ${message}`);
      return { auth: "none", problem: message, respond };
    }
  }

  private compileIntegration(integration: Integration | undefined): Pick<Route, "respond" | "target"> {
    const type = integration?.type?.toLowerCase();
    if (integration?.files) {
      const { serveFiles } = require("./integrations/files") as typeof files;
      return { respond: serveFiles(integration.files) };
    }
    if (!integration || !type) throw new NotServable("it has no integration");
    const uri = this.withVariables(integration.uri ?? "");
    if (/^https?:\/\/(?:[/?#]|$)/i.test(uri)) {
      return { respond: failing(`its integration ${integration.uri} has no host: the stage lacks variables`) };
    }
    const fault = faultOf(integration);
    if (!fault) return this.compileTyped(type, integration);
    return { ...this.compileTyped(type, integration), respond: failing(fault) };
  }

  private compileTyped(type: string, integration: Integration): Pick<Route, "respond" | "target"> {
    const { functions, enforceTimeout } = this.surroundings;
    const timeout = enforceTimeout ? (integration.timeoutInMillis ?? 29_000) : undefined;
    const uri = this.withVariables(integration.uri ?? "");
    const mapped = (backend: Backend) => compileIntegration(integration, this.isBinary, backend);
    switch (type) {
      case "mock":
        return { respond: mapped(mock) };
      case "http": {
        const { compileHttp } = require("./integrations/http") as typeof http;
        return { respond: traced(mapped(compileHttp(integration, uri, timeout))) };
      }
      case "http_proxy": {
        const { compileHttpProxy } = require("./integrations/httpProxy") as typeof httpProxy;
        return { respond: compileHttpProxy(integration, uri, timeout) };
      }
      case "aws": {
        const { compileAws } = require("./integrations/aws") as typeof aws;
        const targetOf = (name: string) => this.targetOf(name, false);
        const { backend, target } = compileAws(integration, uri, { ...this.surroundings, targetOf, timeout });
        return { respond: traced(mapped(backend)), target: target?.name };
      }
      case "aws_proxy":
        break;
      default:
        throw new NotServable(`its integration type ${type} is not one of aws, aws_proxy, http, http_proxy and mock`);
    }
    const streams = integration.responseTransferMode?.toUpperCase() === "STREAM";
    const target = this.targetOf(uri, streams);
    const serve = streams ? streamFunction : callFunction;
    const call = (request: GatewayRequest) => {
      request.tenantId = tenantIn(request, integration);
      return serve(functions, target, request, this.isBinary);
    };
    return { target: target.name, respond: timeout === undefined ? call : withTimeout(call, timeout, timedOut) };
  }

  private withVariables(uri: string): string {
    return uri.replace(/\$\{stageVariables\.([\w-]+)\}/g, (_, name) => this.stage.variables[name] ?? "");
  }

  private targetOf(uri: string, streams: boolean): Target {
    const withVariables = this.withVariables(uri);
    const [, reference, kind] = /\/functions\/(.+)\/((?:response-streaming-)?invocations)$/.exec(withVariables) ?? [];
    if (reference && (kind === "response-streaming-invocations") !== streams) {
      const mode = streams ? "STREAM" : "BUFFERED";
      throw new NotServable(`its responseTransferMode is ${mode}, but its uri ends in /${kind}`);
    }
    const { functions } = this.surroundings;
    if (!reference && functions.find(withVariables)) {
      throw new NotServable(`its uri is ${withVariables}: use the function's invokeArn instead`);
    }
    const target = reference && functions.find(reference);
    if (!target) throw new NotServable(`its integration ${withVariables} does not name a function of the program`);
    return target;
  }
}

function requiredOf({ parameters = [] }: Operation): RouteFacts["required"] {
  return parameters.filter(({ required }) => required).map(({ name, in: place }) => ({ name, in: place }));
}

/** @param fault for the log */
function failing(fault: string): Responder {
  return () => {
    throw new Rejection("INTEGRATION_FAILURE", "Internal server error", undefined, fault);
  };
}

/** Answers that a backend is behind say how the request is traced. */
function traced(respond: Responder): Responder {
  return async (request) => {
    const answer = await respond(request);
    return { ...answer, headers: withDefaults([["X-Amzn-Trace-Id", request.trace.returned]], answer.headers) };
  };
}

function failedTemplate({ message }: TemplateError): Rejection {
  return new Rejection("API_CONFIGURATION_ERROR", "Internal server error", undefined, message);
}

/** @see https://docs.aws.amazon.com/lambda/latest/dg/tenant-isolation-invoke.html */
function tenantIn(request: GatewayRequest, { requestParameters = {} }: Integration): string | undefined {
  const headers = mapHeaders(requestParameters, "integration.request.header.", request);
  return headers.find(([name]) => name.toLowerCase() === "x-amz-tenant-id")?.[1];
}
