import type { Api } from "../pure/openApi";
import { ApiAuth, type ServerlessApiArgs } from "./args";
import { resolveRoutes } from "./routes";

/** The API as its documents are made from it. */
export function describeApi(name: string, args: ServerlessApiArgs): Api {
  return {
    title: args.title ?? name,
    version: args.version ?? "1.0.0",
    description: args.description,
    stageName: args.stageName ?? "Prod",
    auth: args.auth ?? ApiAuth.Iam,
    cors: args.cors?.allowOrigins.length ? args.cors : undefined,
    documentPath: args.documentPath,
    routes: resolveRoutes(args),
  };
}
