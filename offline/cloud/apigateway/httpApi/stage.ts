import type { Answer } from "../../core/answer";
import { readBody } from "../../core/body";
import type { Target } from "../../core/invoker";
import { corsHeaders, preflightHeaders } from "../../core/payload/cors";
import { NotServable } from "../definition/document";
import { withTimeout } from "../integrations/timeout";
import { LIMIT, messageAnswer } from "../request/http";
import type { RouteFacts } from "../routeFacts";
import { Router } from "../router";
import type { Arrival, Served, Stage, Surroundings } from "../stage";
import { Throttle } from "../throttle";
import { type Authorization, authorizations } from "./authorizers";
import { compileHttpProxy } from "./httpProxy";
import { compileLambda } from "./lambda";
import { compileRequestMapping, compileResponseMapping } from "./mapping";
import type { HttpApiModel, HttpIntegration, HttpRoute, HttpStageModel } from "./model";
import {
  createHttpRequest,
  decodePath,
  HttpError,
  type HttpRequest,
  internalError,
  type Responder,
  timedOut,
  tooLarge,
} from "./request";
import { compileService } from "./services";

interface Received {
  request: HttpRequest;
  route?: Route;
  body: Buffer | undefined;
}

interface Route extends RouteFacts {
  key: string;
  throttle?: Throttle;
  authorization?: Authorization;
  respond: Responder;
}

const KEY = /^(GET|POST|PUT|PATCH|DELETE|HEAD|OPTIONS|ANY) (\/|(?:\/(?:\{[\w.-]+\}|[^/{}]+))*(?:\/\{[\w.-]+\+\})?)$/;

/** A stage of an HTTP API, compiled once from its routes. */
export class HttpStage implements Stage {
  readonly path: string;
  readonly routes: Route[];
  readonly problems: string[] = [];
  private readonly router = new Router<Map<string, Route>>({ keepsTrailingSlash: true });
  private readonly fallback?: Route;
  private readonly authorizationOf: (route: HttpRoute) => Authorization;

  constructor(
    readonly api: HttpApiModel,
    readonly stage: HttpStageModel,
    private readonly surroundings: Surroundings,
  ) {
    this.path = stage.name === "$default" ? "" : `/${stage.name}`;
    const targetOf = (uri: string) => this.targetOf(uri);
    this.authorizationOf = authorizations({ ...surroundings, targetOf });
    this.routes = api.routes.map((route) => this.compile(route));
    this.fallback = this.routes.find(({ key }) => key === "$default");
    const paths = new Map<string, Map<string, Route>>();
    for (const route of this.routes) {
      if (route === this.fallback) continue;
      const methods = paths.get(route.path) ?? new Map<string, Route>();
      paths.set(route.path, methods.set(route.method, route));
    }
    for (const [path, methods] of paths) this.router.add(path, methods);
  }

  forget(): void {
    for (const { authorization } of this.routes) authorization?.forget?.();
  }

  async serve(arrival: Arrival): Promise<Served> {
    const { message, path } = arrival;
    const found = this.find(message.method ?? "GET", decodePath(path));
    const request = createHttpRequest(arrival, this, found);
    const body = await readBody(message, LIMIT).catch((error): undefined => {
      if (error !== LIMIT.error) throw error;
    });
    const answer = await this.answer({ request, route: found?.route, body });
    return {
      answer: this.withCors(answer, request),
      ids: { "Apigw-Requestid": request.requestId },
      invoked: request.invoked,
    };
  }

  /**
   * The route with the most specific path among those that take the method.
   * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-routes.html#http-api-develop-routes.evaluation
   */
  private find(method: string, path: string): { route: Route; parameters: Record<string, string> } | undefined {
    const found = this.router.find(path, (methods) => methods.has(method) || methods.has("ANY"));
    const route = found?.resource.get(method) ?? found?.resource.get("ANY") ?? this.fallback;
    return route && { route, parameters: found?.parameters ?? {} };
  }

  /** @param received with a body, unless it is too large */
  private async answer({ request, route, body }: Received): Promise<Answer> {
    const { api, surroundings } = this;
    const isPreflight = preflightHeaders(api.cors, request) !== undefined;
    try {
      if (!body) throw tooLarge();
      request.body = body;
      if (!route && !isPreflight) throw new HttpError(404, "Not Found");
      await route?.authorization?.authorize?.(request);
      // A route for OPTIONS itself answers preflights, too; one for any method leaves them to the gateway.
      if (!route || (isPreflight && route.method !== "OPTIONS")) return { status: 204, headers: [], body: "" };
      if (route.throttle && !route.throttle.take(request.time)) throw new HttpError(429, "Too Many Requests");
      return await route.respond(request);
    } catch (error) {
      const failure = error instanceof HttpError ? error : internalError((error as Error).message);
      const { status, message, explanation, headers } = failure;
      if (explanation) surroundings.log(`${request.method} ${route?.path} | ${explanation}`);
      const answer = messageAnswer(status, message);
      return { ...answer, headers: [...answer.headers, ...headers] };
    }
  }

  /** The API's own headers take the place of an integration's. */
  private withCors(answer: Answer, request: HttpRequest): Answer {
    const { cors } = this.api;
    if (!cors) return answer;
    const own = preflightHeaders(cors, request) ?? corsHeaders(cors, request);
    const others = answer.headers.filter(([name]) => !/^access-control-/i.test(name));
    return { ...answer, headers: [...others, ...Object.entries(own)] };
  }

  private compile(route: HttpRoute): Route {
    const { key, integration } = route;
    const [, method = "ANY", path = key] = /^([A-Z]+) (.*)$/.exec(key) ?? [];
    const { throttling, throttlingOf } = this.stage;
    const { rate = throttling.rate, burst = throttling.burst } = throttlingOf[key] ?? {};
    const facts = {
      key,
      method,
      path,
      required: [],
      throttle: rate === undefined && burst === undefined ? undefined : new Throttle(rate ?? MOST, burst ?? MOST),
    };
    try {
      if (key !== "$default" && !KEY.test(key)) {
        throw new NotServable(
          `AWS refuses its key "${key}": it is "$default", or a method and a path such as "GET /items"`,
        );
      }
      const authorization = this.authorizationOf(route);
      if (!integration) throw new NotServable("it has no integration");
      const { auth, tokens } = authorization;
      return { ...facts, auth, tokens, authorization, ...this.compileIntegration(integration) };
    } catch (error) {
      if (!(error instanceof NotServable)) throw error;
      const respond = () => messageAnswer(501, `This route is not served offline: ${error.message}`);
      return { ...facts, auth: "none", problem: error.message, respond };
    }
  }

  private compileIntegration(integration: HttpIntegration): Pick<Route, "respond" | "target"> {
    const { requestParameters, responseParameters } = integration;
    const { target, respond } = this.compileBackend(integration);
    const onResponse = compileResponseMapping(responseParameters);
    if (integration.subtype || Object.keys(requestParameters).length === 0) {
      return { target, respond: async (request) => onResponse(await respond(request), request) };
    }
    const onRequest = compileRequestMapping(requestParameters);
    const mapped: Responder = async (request) => {
      const changed = onRequest(request);
      const response = await respond(changed);
      request.invoked = changed.invoked;
      return onResponse(response, request);
    };
    return { target, respond: mapped };
  }

  private compileBackend(integration: HttpIntegration): Pick<Route, "respond" | "target"> {
    const { type, subtype, uri = "", payloadVersion, connectionType } = integration;
    const { functions, enforceTimeout } = this.surroundings;
    const timeout = enforceTimeout ? integration.timeout : undefined;
    const limited = (respond: Responder) => (timeout === undefined ? respond : withTimeout(respond, timeout, timedOut));
    if (connectionType?.toUpperCase() === "VPC_LINK") throw new NotServable("its integration goes through a VPC link");
    if (type === "HTTP_PROXY") return { respond: compileHttpProxy(integration, this.withVariables(uri), timeout) };
    if (type !== "AWS_PROXY") throw new NotServable(`HTTP APIs have no integrations of the type ${type}`);
    if (subtype) {
      return { respond: limited(compileService(integration, { ...this.surroundings, region: this.api.region })) };
    }
    const target = this.targetOf(uri);
    return { target: target.name, respond: limited(compileLambda(functions, target, payloadVersion)) };
  }

  private withVariables(uri: string): string {
    return uri.replace(/\$\{stageVariables\.([\w-]+)\}/g, (_, name) => this.stage.variables[name] ?? "");
  }

  private targetOf(uri: string): Target {
    const withVariables = this.withVariables(uri);
    const reference = /\/functions\/(.+)\/invocations$/.exec(withVariables)?.[1] ?? withVariables;
    const target = reference ? this.surroundings.functions.find(reference) : undefined;
    if (!target) throw new NotServable(`its integration ${withVariables} does not name a function of the program`);
    return target;
  }
}

const MOST = Number.MAX_SAFE_INTEGER;
