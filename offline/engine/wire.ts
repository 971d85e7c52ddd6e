import { type JavaScriptValue, Struct } from "google-protobuf/google/protobuf/struct_pb";
import type { Resource } from "./graph";
import {
  Archive,
  Asset,
  isMap,
  mapValues,
  type Properties,
  ResourceReference,
  Secret,
  Unknown,
  type Value,
} from "./values";

/** A value that is more than JSON is sent as an object whose `sigKey` names its kind. */
const sigKey = "4dabf18193072939515e22adb298388d";
const signatures = {
  asset: "c44067f5952c0a294b673a41bacd8c17",
  archive: "0def7320c3a5731c473e5ecbe6d01bc7",
  secret: "1b47061264138c4ac30d75fd1eb44270",
  resource: "5cf8f73096256a8f31e491e813e4eb8e",
  output: "d0e6a833031e9bbcd3f4e8bde6ca49a4",
};

/** Stands for an unknown value on the wire; for the real engine, also for the id of a provider yet to be created. */
export const unknownOnWire = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

export function toProperties(struct: Struct | undefined, dependencies?: Set<string>): Properties {
  const fields = struct?.toJavaScript() ?? {};
  return mapValues(fields, (field) => decode(field, dependencies));
}

export function toStruct(properties: Properties): Struct {
  return Struct.fromJavaScript(mapValues(properties, (value) => encode(value)));
}

/** @param dependencies Collects the URNs in output values, which transforms and remote components send */
export function decode(json: JavaScriptValue, dependencies?: Set<string>): Value {
  if (json === unknownOnWire) return new Unknown();
  if (Array.isArray(json)) return json.map((element) => decode(element, dependencies));
  if (typeof json !== "object" || json === null) return json;
  const map = json as Record<string, JavaScriptValue>;
  const inner = () => decode(map.value ?? null, dependencies);
  switch (map[sigKey]) {
    case undefined:
      return mapValues(map, (field) => decode(field, dependencies));
    case signatures.secret:
      return new Secret(inner());
    case signatures.resource:
      return new ResourceReference(String(map.urn), map.id === undefined ? undefined : decode(map.id));
    case signatures.asset:
      return new Asset(sourceOf(map));
    case signatures.archive:
      return new Archive({ ...sourceOf(map), ...assetsOf(map) });
    case signatures.output: {
      for (const urn of (map.dependencies as string[] | undefined) ?? []) dependencies?.add(urn);
      const value = map.value === undefined ? new Unknown() : inner();
      return map.secret === true ? new Secret(value) : value;
    }
    default:
      throw new Error(`the program sent a value of an unknown kind (signature ${String(map[sigKey])})`);
  }
}

function sourceOf(map: Record<string, JavaScriptValue>): { path?: string; text?: string; uri?: string } {
  const fields = ["path", "text", "uri"].filter((field) => typeof map[field] === "string");
  return Object.fromEntries(fields.map((field) => [field, map[field]]));
}

function assetsOf(map: Record<string, JavaScriptValue>): { assets?: Record<string, Asset | Archive> } {
  if (!map.assets) return {};
  const entries = Object.entries(map.assets).map(([name, asset]) => [name, decode(asset as JavaScriptValue)]);
  return { assets: Object.fromEntries(entries) };
}

/** @param special Writes secrets and unknowns in another form */
export function encode(value: Value, special?: (value: Secret | Unknown) => JavaScriptValue): JavaScriptValue {
  const inner = (child: Value) => encode(child, special);
  if (value instanceof Unknown) return special ? special(value) : unknownOnWire;
  if (value instanceof Secret) {
    return special ? special(value) : { [sigKey]: signatures.secret, value: inner(value.value) };
  }
  if (value instanceof ResourceReference) {
    const id = value.id === undefined ? {} : { id: inner(value.id) };
    return { [sigKey]: signatures.resource, urn: value.urn, ...id };
  }
  if (value instanceof Asset) return { [sigKey]: signatures.asset, ...value.source };
  if (value instanceof Archive) {
    const { assets, ...source } = value.source;
    return { [sigKey]: signatures.archive, ...source, ...(assets && { assets: mapValues(assets, inner) }) };
  }
  if (Array.isArray(value)) return value.map(inner);
  return isMap(value) ? mapValues(value, inner) : (value as JavaScriptValue);
}

/** Properties as a transform sees them: secrets, unknowns and those that depend on resources are outputs. */
export function forTransforms(struct: Struct | undefined, dependencies: Record<string, string[]>): Struct {
  const fields = Object.entries(toProperties(struct)).map(([key, value]) => {
    const urns = dependencies[key] ?? [];
    return [key, urns.length > 0 ? asOutput(value, urns) : encode(value, asOutput)];
  });
  return Struct.fromJavaScript(Object.fromEntries(fields));
}

/**
 * Outputs as the program receives them. Lists of resources inside a remote component are sent as plain values: the SDK
 * looks up each reference, which takes as long as a registration.
 */
export function forProgram(outputs: Properties, parts: ReadonlyMap<string, Resource>): Struct {
  const open = (value: Value): Value => {
    const part = value instanceof ResourceReference ? parts.get(value.urn) : undefined;
    return part ? { ...part.outputs, id: part.id ?? "", urn: part.urn } : value;
  };
  return toStruct(mapValues(outputs, (value) => (Array.isArray(value) ? value.map(open) : value)));
}

function asOutput(value: Value, dependencies: string[] = []): JavaScriptValue {
  const inner = value instanceof Secret ? value.value : value;
  return {
    [sigKey]: signatures.output,
    ...(inner instanceof Unknown ? {} : { value: encode(inner, asOutput) }),
    ...(value instanceof Secret && { secret: true }),
    dependencies,
  };
}
