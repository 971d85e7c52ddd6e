import * as proto from "@pulumi/pulumi/proto/analyzer_pb";
import type { Struct } from "google-protobuf/google/protobuf/struct_pb";
import type { Resource } from "../graph";
import { providerUrn } from "../urn";
import { Archive, Asset, isMap, mapValues, type Properties, ResourceReference, Secret, type Value } from "../values";
import { toStruct } from "../wire";

export type FindResource = (urn: string) => Resource | undefined;

/** A registered resource with its inputs as policies see them. */
export function analyzeRequest(resource: Resource, find: FindResource): proto.AnalyzeRequest {
  return describe(new proto.AnalyzeRequest(), resource, toStruct(forPolicies(resource.inputs, isPublic)), find);
}

/** The same with all inputs, as a remediation replaces them. */
export function remediateRequest(resource: Resource, find: FindResource): proto.AnalyzeRequest {
  return describe(new proto.AnalyzeRequest(), resource, toStruct(forPolicies(resource.inputs)), find);
}

/** The whole stack as policies see it: outputs, parents and dependencies, without resources that were only read. */
export function analyzeStackRequest(resources: Resource[], find: FindResource): proto.AnalyzeStackRequest {
  const messages = resources
    .filter(({ external }) => !external)
    .map((resource) => {
      const outputs = toStruct(forPolicies(resource.outputs, isPublic));
      const message = describe(new proto.AnalyzerResource(), resource, outputs, find)
        .setParent(resource.parent ?? "")
        .setDependenciesList(resource.dependencies);
      for (const [key, urns] of Object.entries(resource.propertyDependencies)) {
        message.getPropertydependenciesMap().set(key, new proto.AnalyzerPropertyDependencies().setUrnsList(urns));
      }
      return message;
    });
  return new proto.AnalyzeStackRequest().setResourcesList(messages);
}

function describe<Message extends proto.AnalyzeRequest | proto.AnalyzerResource>(
  message: Message,
  resource: Resource,
  properties: Struct,
  find: FindResource,
): Message {
  message.setUrn(resource.urn);
  message.setType(resource.type);
  message.setName(resource.name);
  message.setProperties(properties);
  message.setOptions(optionsOf(resource));
  message.setProvider(providerOf(resource, find));
  return message;
}

/** Without aliases: the real engine sends those under which it found a deployed resource. */
function optionsOf({ protect, parent, options }: Resource): proto.AnalyzerResourceOptions {
  const { create, update, delete: deletion } = options.customTimeouts ?? {};
  const timeouts = new proto.AnalyzerResourceOptions.CustomTimeouts()
    .setCreate(secondsOf(create))
    .setUpdate(secondsOf(update))
    .setDelete(secondsOf(deletion));
  return new proto.AnalyzerResourceOptions()
    .setProtect(protect)
    .setIgnorechangesList(options.ignoreChanges ?? [])
    .setDeletebeforereplace(options.deleteBeforeReplace ?? false)
    .setDeletebeforereplacedefined(options.deleteBeforeReplace !== undefined)
    .setAdditionalsecretoutputsList(options.additionalSecretOutputs ?? [])
    .setCustomtimeouts(timeouts)
    .setParent(parent ?? "");
}

function providerOf({ provider: reference = "" }: Resource, find: FindResource) {
  const provider = find(providerUrn(reference));
  if (!provider) return undefined;
  return new proto.AnalyzerProviderResource()
    .setUrn(provider.urn)
    .setType(provider.type)
    .setName(provider.name)
    .setProperties(toStruct(forPolicies(provider.inputs, isPublic)));
}

/** Replaces the text of an empty asset, which @pulumi/policy 1.21 takes for a missing one, and then never answers. */
export const blank = "\n";

/** Policies get the id in place of a reference to a resource, and the URN in place of one to a component. */
function forPolicies(properties: Properties, isShown: (key: string) => boolean = () => true): Properties {
  const convert = (value: Value): Value => {
    if (value instanceof ResourceReference) return convert(value.id ?? value.urn);
    if (value instanceof Asset && value.source.text === "") return new Asset({ text: blank });
    if (value instanceof Secret) return new Secret(convert(value.value));
    if (value instanceof Archive && value.source.assets)
      return new Archive({ assets: mapValues(value.source.assets, (asset) => convert(asset) as Asset | Archive) });
    if (Array.isArray(value)) return value.map(convert);
    return isMap(value) ? forPolicies(value, isShown) : value;
  };
  const shown = Object.entries(properties).filter(([key]) => isShown(key));
  return Object.fromEntries(shown.map(([key, value]) => [key, convert(value)]));
}

/** Two underscores mark properties that are internal to the SDK and its providers, such as a dynamic resource's code. */
function isPublic(key: string): boolean {
  return !key.startsWith("__");
}

const seconds: Record<string, number> = { ns: 1e-9, us: 1e-6, µs: 1e-6, ms: 1e-3, s: 1, m: 60, h: 3600 };

/** Durations are in Go's format, such as `1h30m`. */
function secondsOf(duration = ""): number {
  const parts = [...duration.matchAll(/(\d+(?:\.\d+)?)(ns|us|µs|ms|s|m|h)/g)];
  return parts.reduce((sum, [, number, unit = ""]) => sum + Number(number) * (seconds[unit] ?? 0), 0);
}
