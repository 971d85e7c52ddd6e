import type { Graph } from "../../../engine/graph";
import { type Cors, readCors } from "../../core/payload/cors";
import { asText, ownResources } from "../../core/resources";
import { referenceIn } from "../qualifiers";

/** A function URL of the program. */
export interface UrlSettings {
  urn: string;
  name: string;
  id: string;
  functionName: string;
  /** The alias that it calls. @default `$LATEST` */
  qualifier?: string;
  region: string;
  auth: "iam" | "none";
  /** Whether responses are sent while the handler writes them. */
  streams: boolean;
  cors?: Cors;
}

export function readUrls(graph: Graph): UrlSettings[] {
  return ownResources(graph, "aws:lambda/functionUrl:FunctionUrl").map(({ urn, name, settings }) => {
    const { name: functionName = "", qualifier } = referenceIn(settings) ?? {};
    const address = asText(settings.functionUrl) ?? "";
    return {
      urn,
      name,
      id: asText(settings.urlId) ?? name,
      functionName,
      qualifier,
      region: /\.lambda-url\.([\w-]+)\./.exec(address)?.[1] ?? graph.region,
      auth: settings.authorizationType === "AWS_IAM" ? "iam" : "none",
      streams: settings.invokeMode === "RESPONSE_STREAM",
      cors: readCors(settings.cors),
    };
  });
}
