import type { Graph } from "../../engine/graph";
import { asText, ownResources } from "../core/resources";
import { type Located, locate, type Stages, startsWithSegment, trimSlashes } from "./locate";

/** An API, or one of its stages, at a domain below a base path. */
export interface Mapping {
  /** In lower case; one that begins with `*.` is for all names below the rest. */
  domain: string;
  /** Such as `/v1`; empty if the domain is the API's alone. */
  basePath: string;
  apiId: string;
  /** The name of the stage. @default the path names it */
  stage?: string;
}

/** The mappings of the program's domains, those of longer base paths first. */
export function readMappings(graph: Graph): Mapping[] {
  const rest = ownResources(graph, "aws:apigateway/basePathMapping:BasePathMapping").map(({ settings }) =>
    mappingOf(settings.domainName, settings.basePath, settings.restApi, settings.stageName),
  );
  const http = ownResources(graph, "aws:apigatewayv2/apiMapping:ApiMapping").map(({ settings }) =>
    mappingOf(settings.domainName, settings.apiMappingKey, settings.apiId, settings.stage),
  );
  return [...rest, ...http].sort((one, other) => other.basePath.length - one.basePath.length);
}

function mappingOf(domain: unknown, key: unknown, apiId: unknown, stage: unknown): Mapping {
  const path = asText(key) ?? "";
  return {
    domain: (asText(domain) ?? "").toLowerCase(),
    basePath: path === "" || path === "(none)" ? "" : `/${path}`,
    apiId: asText(apiId) ?? "",
    stage: asText(stage) || undefined,
  };
}

/** The mappings of the domain that a `Host` header names: none, if it is not one of the program's. */
export function mappingsOf(mappings: Mapping[], host = ""): Mapping[] {
  const name = host.replace(/:\d+$/, "").toLowerCase();
  const exact = mappings.filter(({ domain }) => domain === name);
  if (exact.length > 0) return exact;
  const wildcard = name.replace(/^[^.]+/, "*");
  return mappings.filter(({ domain }) => domain === wildcard && domain.startsWith("*."));
}

/** Finds the stage that the mappings of a domain lead a path to. */
export function locateMapped(mappings: Mapping[], apis: (Stages & { id: string })[], target: string): Located {
  const mapping = mappings.find(({ basePath }) => startsWithSegment(target, basePath));
  const api = apis.find(({ id }) => id === mapping?.apiId);
  const path = trimSlashes(target.slice(mapping?.basePath.length));
  if (!mapping || !api) return { path, stagePath: target };
  if (!mapping.stage) return locate(api, path);
  const stagePath = mapping.stage === "$default" ? "" : `/${mapping.stage}`;
  return { stage: api.stages.find((stage) => stage.path === stagePath), path, stagePath: target };
}

/** Where an API answers at its domain on this machine, without a trailing slash. */
export function mappedUrl({ domain, basePath, stage }: Mapping, { stages }: Stages, port: number): string {
  return `http://${domain.replace("*", "any")}:${port}${basePath}${stage ? "" : (stages[0]?.path ?? "")}`;
}
