import { ApiAuth, type ServerlessApiArgs } from "./args";
import { describeAuthorizers } from "./authorizers";
import { urlOf } from "./domain";
import { resolveRoutes } from "./routes";
import type { Api } from "./rules/document";

/** The API's stage, which is the first part of its paths. */
export function stageNameOf({ stageName = "Prod" }: ServerlessApiArgs): string {
  return stageName;
}

/** The description that the API's documents are generated from. */
export function describeApi(name: string, args: ServerlessApiArgs): Api {
  return {
    title: args.title ?? name,
    version: args.version ?? "1.0.0",
    description: args.description,
    license: args.license,
    contact: args.contact,
    tagDescriptions: args.tagDescriptions ?? {},
    stageName: stageNameOf(args),
    url: args.domain && urlOf(args.domain),
    auth: args.documentAuth ?? args.auth ?? ApiAuth.Iam,
    apiKeySource: args.apiKeySource,
    authorizers: describeAuthorizers(args.authorizers),
    cors: args.cors?.allowOrigins.length ? args.cors : undefined,
    documentPath: args.documentPath,
    gatewayResponses: args.gatewayResponses,
    routes: resolveRoutes(args),
  };
}

/** The same of an HTTP API. */
export function describeHttpApi(name: string, args: ServerlessApiArgs): Api {
  return { ...describeApi(name, args), isHttp: true };
}
