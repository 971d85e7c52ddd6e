import type { Graph } from "../../engine/graph";
import { asList, asMap, asText, isGiven, ownResources, type PlainResource, type Settings } from "../core/resources";
import type { Access } from "./access";
import type { Redirect, RoutingRule, Website } from "./bucketWebsite";

/** A site of the program. */
export interface SiteModel {
  name: string;
  kind: "website" | "distribution";
  website?: Website;
  distribution?: Settings;
}

const BUCKETS = ["aws:s3/bucket:Bucket", "aws:s3/bucketV2:BucketV2"];
const CONFIGURATIONS = ["", "V2"].map(
  (version) => `aws:s3/bucketWebsiteConfiguration${version}:BucketWebsiteConfiguration${version}`,
);

/** The websites and distributions of a program by name, and which parts of them do not work. */
export function readSites(graph: Graph, access: Access): { sites: SiteModel[]; problems: string[] } {
  const of = (types: string[]) => types.flatMap((type) => ownResources(graph, type));
  const websites = [
    ...of(BUCKETS)
      .filter(({ settings }) => isGiven(settings.website))
      .map(({ name, settings: { bucket, website } }) => ({ name, website: readWebsite(bucket, asMap(website)) })),
    ...of(CONFIGURATIONS).map(({ name, settings }) => ({ name, website: readWebsite(settings.bucket, settings) })),
  ];
  const distributions = of(["aws:cloudfront/distribution:Distribution"]);
  const sites = [
    ...websites.map((site): SiteModel => ({ kind: "website", ...site })),
    ...distributions.map(
      ({ name, settings }): SiteModel => ({ kind: "distribution", name, distribution: relevant(settings) }),
    ),
  ];
  return {
    // The order of registration, and so their ports, would change from run to run.
    sites: sites.sort((one, other) => (one.name < other.name ? -1 : 1)),
    problems: [
      ...websites.flatMap(({ name, website: { bucket, redirectAll } }) =>
        redirectAll || access.readsAnything("public", bucket)
          ? []
          : `website ${name} answers 403, as on AWS: no bucket policy or ACL lets everyone read the bucket ${bucket}`,
      ),
      ...distributions.flatMap(problemsOf),
    ],
  };
}

/** The settings that decide how it answers. */
function relevant(settings: Settings): Settings {
  const { defaultRootObject, origins, originGroups, defaultCacheBehavior, orderedCacheBehaviors } = settings;
  const { customErrorResponses } = settings;
  return {
    defaultRootObject,
    origins,
    originGroups,
    defaultCacheBehavior,
    orderedCacheBehaviors,
    customErrorResponses,
  };
}

/** What runs at the edge. */
function problemsOf({ name, settings }: PlainResource): string[] {
  const behaviors = [asMap(settings.defaultCacheBehavior), ...asList(settings.orderedCacheBehaviors)];
  const functions = behaviors.flatMap(({ functionAssociations, lambdaFunctionAssociations }) => [
    ...asList(functionAssociations).map(({ functionArn }) => asText(functionArn)),
    ...asList(lambdaFunctionAssociations).map(({ lambdaArn }) => asText(lambdaArn)),
  ]);
  const named = [...new Set(functions)].map((arn) => /(?:function[/:])([\w-]+)/.exec(arn ?? "")?.[1] ?? "unknown");
  return named.map(
    (one) => `distribution ${name} does not run the edge function ${one}: requests pass as if it were not there`,
  );
}

/** Reads the settings of either form: a property of the bucket, or a resource of its own. */
function readWebsite(bucket: unknown, settings: Settings): Website {
  const { indexDocument, errorDocument, redirectAllRequestsTo, routingRules, routingRuleDetails } = settings;
  const index = asText(indexDocument) ?? asText(asMap(indexDocument).suffix);
  const error = asText(errorDocument) ?? asText(asMap(errorDocument).key);
  return {
    bucket: String(bucket),
    ...(index && { index }),
    ...(error && { error }),
    ...readRedirectAll(redirectAllRequestsTo),
    rules: readRules(Array.isArray(routingRules) ? routingRules : (asText(routingRules) ?? asText(routingRuleDetails))),
  };
}

/** Either `https://example.com`, a plain host name, or a map. */
function readRedirectAll(value: unknown): Pick<Website, "redirectAll"> {
  const text = asText(value);
  if (text) {
    const [, protocol, host = ""] = /^(?:(https?):\/\/)?([^/]*)/.exec(text) ?? [];
    return { redirectAll: { host, ...(protocol && { protocol }) } };
  }
  const host = asText(asMap(value).hostName);
  const protocol = asText(asMap(value).protocol);
  return host ? { redirectAll: { host, ...(protocol && { protocol }) } } : {};
}

/** Rules are JSON with capitalized names, or a list. */
function readRules(value: unknown): RoutingRule[] {
  if (typeof value === "string") return value === "" ? [] : readRules(lowerNames(parse(value)));
  return asList(value).map(({ condition, redirect }): RoutingRule => {
    const { keyPrefixEquals, httpErrorCodeReturnedEquals } = asMap(condition);
    return {
      prefix: asText(keyPrefixEquals) || undefined,
      errorCode: asText(httpErrorCodeReturnedEquals) || undefined,
      redirect: readRedirect(asMap(redirect)),
    };
  });
}

function readRedirect({
  hostName,
  protocol,
  httpRedirectCode,
  replaceKeyWith,
  replaceKeyPrefixWith,
}: Settings): Redirect {
  return {
    host: asText(hostName) || undefined,
    protocol: asText(protocol) || undefined,
    code: asText(httpRedirectCode) || undefined,
    replaceKeyWith: asText(replaceKeyWith) || undefined,
    replacePrefixWith: asText(replaceKeyPrefixWith),
  };
}

function parse(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return [];
  }
}

function lowerNames(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(lowerNames);
  if (typeof value !== "object" || value === null) return value;
  const fields = Object.entries(value).map(([name, inner]) => [
    name.charAt(0).toLowerCase() + name.slice(1),
    lowerNames(inner),
  ]);
  return Object.fromEntries(fields);
}
