import type { Invoker } from "../../core/invoker";
import { compileKeyCheck } from "../authorizers/apiKeys";
import type { Usage } from "../authorizers/usage";
import type { GatewayRequest } from "../request/request";
import { Throttle } from "../throttle";
import { faultOf } from "./integrations";
import { limitsOf, type RouteModel, type SocketModel, type StageModel } from "./model";
import { select } from "./selection";

/** A stage of a WebSocket API, ready to serve connections. */
export class SocketStage {
  /** Identifies it, also in the log. */
  readonly key: string;
  readonly path: string;
  readonly isFirst: boolean;
  /** Changes whenever its behaviour does. */
  readonly fingerprint: string;
  /** What a request knows of its place. */
  readonly place: Pick<GatewayRequest, "api" | "stage">;
  private readonly routes: Map<string, RouteModel>;
  private readonly throttles: Map<string, Throttle>;

  /** @param prefix the part of its path before the stage's name */
  constructor(
    readonly api: SocketModel,
    private readonly stage: StageModel,
    readonly prefix: string,
  ) {
    const { name, variables, deploymentId } = stage;
    this.key = `${api.name}/${name}`;
    this.path = `${prefix}/${name}`;
    this.isFirst = api.stages[0] === stage;
    this.fingerprint = JSON.stringify([{ ...api, stages: undefined }, stage, prefix]);
    const { id, account, region } = api;
    this.place = { api: { id, account, region, resourceIds: {} }, stage: { name, variables, deploymentId } };
    this.routes = new Map(api.routes.map((route) => [route.key, route]));
    this.throttles = new Map(
      api.routes.flatMap(({ key }) => {
        const limits = limitsOf(stage, key);
        return limits ? [[key, new Throttle(limits.rate, limits.burst)]] : [];
      }),
    );
  }

  /** A route that API Gateway itself chooses. */
  own(key: "$connect" | "$disconnect"): RouteModel | undefined {
    return this.routes.get(key);
  }

  /** The route of a message. No message can choose `$connect` or `$disconnect`. */
  routeOf(message: string): RouteModel | undefined {
    const key = select(this.api.selection, message);
    const chosen = key?.startsWith("$") ? undefined : this.routes.get(key ?? "$default");
    return chosen ?? this.routes.get("$default");
  }

  /** The URIs of its functions. */
  get uris(): string[] {
    return this.api.routes.flatMap(({ integration, authorizer }) =>
      [integration?.uri ?? [], authorizer?.uri ?? []].flat(),
    );
  }

  /** Whether a route's limits let one more through. @param now in milliseconds */
  admits({ key }: RouteModel, now: number): boolean {
    return this.throttles.get(key)?.take(now) ?? true;
  }

  /** Demands an API key. @throws Rejection if the request has none that may connect */
  checkKey(request: GatewayRequest, usage: Usage): void {
    compileKeyCheck(this.api.keySource, this.stage, usage)(request);
  }

  /** Which routes fail, and why, one sentence each. */
  problems(functions: Invoker): string[] {
    return this.api.routes.flatMap(({ key, integration }) => {
      const fault = integration ? faultOf(integration, functions, this.place.stage.variables) : "it has no integration";
      return fault === undefined ? [] : [`route ${key} of the WebSocket API ${this.key} fails: ${fault}`];
    });
  }
}
