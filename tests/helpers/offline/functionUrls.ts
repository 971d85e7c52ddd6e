import type { Properties } from "../../../offline/engine/values";
import { temporaryFolder } from "../temporaryFolder";
import { ECHO } from "./api";
import { graphOf, lambda, resource } from "./graph";
import { serveGraph } from "./served";

/** What AWS answers to callers that may not call a function URL. */
export const FORBIDDEN =
  "Forbidden. For troubleshooting Function URL authorization issues, see: https://docs.aws.amazon.com/lambda/latest/dg/urls-auth.html";

/** A URL of the function `main`. */
export const functionUrl = (inputs: Properties = {}, name = "url") =>
  resource("aws:lambda/functionUrl:FunctionUrl", name, { functionName: "main", authorizationType: "NONE", ...inputs });

/** Serves a function that has a URL. */
export async function serveUrl(code = ECHO, inputs: Properties = {}, settings: Properties = {}) {
  const graph = graphOf(temporaryFolder(), lambda("main", code, settings), functionUrl(inputs));
  const server = await serveGraph(graph);
  return Object.assign(server, { url: server.functionUrls[0]?.url ?? "" });
}
