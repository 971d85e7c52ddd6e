import type { IncomingMessage } from "node:http";
import type { Graph } from "../../../engine/graph";
import { compare } from "../../core/changes";
import type { Invoker } from "../../core/invoker";
import type { ServedSocket } from "../../core/served";
import type { Change } from "../../core/types";
import { type Mapping, mappedUrl, mappingsOf, readMappings } from "../domains";
import type { GatewayRequest } from "../request/request";
import { readSockets } from "./model";
import { SocketStage } from "./stage";

/** The stages of a program's WebSocket APIs, and where each is found. */
export class SocketStages {
  /** Why some of the program's APIs and routes are not served, one sentence each. */
  problems: string[] = [];
  private stages: SocketStage[] = [];
  private mappings: Mapping[] = [];

  constructor(private readonly functions: Invoker) {}

  /** Switches to the APIs of a graph. */
  replace(graph: Graph): Change[] {
    const { sockets, problems } = readSockets(graph);
    // A single API has the port to itself; several share it under their names.
    const prefixOf = (name: string) => (sockets.length > 1 ? `/${encodeURIComponent(name)}` : "");
    const next = sockets.flatMap((api) => api.stages.map((stage) => new SocketStage(api, stage, prefixOf(api.name))));
    const described = ({ key, fingerprint }: SocketStage) => ({ name: key, arn: key, fingerprint });
    const changes = compare("api", this.stages.map(described), next.map(described));
    this.stages = next;
    this.mappings = readMappings(graph).filter(({ apiId }) => sockets.some(({ id }) => id === apiId));
    this.problems = [...problems, ...next.flatMap((stage) => stage.problems(this.functions))];
    return changes;
  }

  /** The URIs of all functions. */
  get uris(): string[] {
    return this.stages.flatMap((stage) => stage.uris);
  }

  served(port: number): ServedSocket[] {
    return this.stages
      .filter(({ isFirst }) => isFirst)
      .map((stage) => {
        const { key, auth = "none", keyRequired } = stage.own("$connect") ?? {};
        const mapping = this.onlyMappingOf(stage);
        return {
          name: stage.api.name,
          url: `ws://127.0.0.1:${port}${stage.path}`,
          ...(mapping && { domainUrl: mappedUrl(mapping, { stages: [] }, port).replace(/^http/, "ws") }),
          region: stage.api.region,
          auth: key && auth === "none" && keyRequired ? "key" : auth,
          routes: stage.api.routes.map((route) => route.key),
        };
      });
  }

  /** Whether a request is for a domain of the program's own. */
  hasDomainOf({ headers: { host } }: IncomingMessage): boolean {
    return mappingsOf(this.mappings, host).length > 0;
  }

  /**
   * The stage that a request is for. At a domain, its path is the base path. Elsewhere, it is `/stage`, after a `/name` if
   * there are several APIs; without a stage, it is for the API's first one.
   */
  locate({ url = "/", headers: { host } }: IncomingMessage): SocketStage | undefined {
    const path = url.replace(/[?#].*$/s, "").replace(/\/+$/, "");
    const mappings = mappingsOf(this.mappings, host);
    if (mappings.length > 0) {
      const mapping = mappings.find(({ basePath }) => basePath === path);
      return mapping && this.stages.find((stage) => leadsTo(mapping, stage));
    }
    const found =
      this.stages.find((stage) => stage.path === path) ?? this.stages.find((one) => one.isFirst && one.prefix === path);
    return found && this.onlyMappingOf(found) ? undefined : found;
  }

  /** The stage of a connection that is open, unless an edit removed it. */
  of({ api, stage }: GatewayRequest): SocketStage | undefined {
    return this.stages.find(({ place }) => place.api.id === api.id && place.stage.name === stage.name);
  }

  /** Where a stage is found if its API's own endpoint is disabled, which counts only if the program gives it a domain. */
  private onlyMappingOf(stage: SocketStage): Mapping | undefined {
    return stage.api.isEndpointDisabled ? this.mappings.find((mapping) => leadsTo(mapping, stage)) : undefined;
  }
}

function leadsTo({ apiId, stage: name }: Mapping, { api, place }: SocketStage): boolean {
  return apiId === api.id && name === place.stage.name;
}
