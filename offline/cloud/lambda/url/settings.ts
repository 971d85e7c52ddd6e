import type { Graph } from "../../../engine/graph";
import { type Cors, readCors } from "../../core/payload/cors";
import { asText, ownResources, type Settings } from "../../core/resources";
import { referenceIn } from "../qualifiers";
import { readReference } from "../reference";

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
  /** What the permissions of the function let callers do, as statements of a policy. */
  permissions: Settings[];
}

export function readUrls(graph: Graph): UrlSettings[] {
  const permissions = ownResources(graph, "aws:lambda/permission:Permission");
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
      permissions: permissions
        .filter((one) => isOn(one.settings, functionName, qualifier))
        .map(({ settings: { principal, action } }) => {
          return { Effect: "Allow", Principal: { AWS: principal }, Action: action, Resource: "*" };
        }),
    };
  });
}

/** Whether a permission is for callers of a function's URL. */
function isOn(permission: Settings, functionName: string, qualifier: string | undefined): boolean {
  const { function: given, functionUrlAuthType: type } = permission;
  const { name, qualifier: inName } = readReference(asText(given) ?? "");
  const own = asText(permission.qualifier) || inName;
  return name === functionName && own === qualifier && (!asText(type) || type === "AWS_IAM");
}
