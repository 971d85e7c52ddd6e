/**
 * The values that a Pulumi program sends to an engine: JSON, and what Pulumi adds to it.
 * @see https://github.com/pulumi/pulumi/blob/master/sdk/nodejs/runtime/rpc.ts for the wire form
 */
export type Value =
  | null
  | boolean
  | number
  | string
  | Value[]
  | { [key: string]: Value }
  | Secret
  | Unknown
  | Asset
  | Archive
  | ResourceReference;

export type Properties = Record<string, Value>;

/** A value that is never printed. */
export class Secret {
  constructor(readonly value: Value) {}
}

/** A value that only a real deployment would know. */
export class Unknown {}

/** A file, text or URI: exactly one of the three is set. */
export class Asset {
  /** A digest of its contents, if the run recorded it. */
  digest?: string;
  constructor(readonly source: { path?: string; text?: string; uri?: string }) {}
}

/** A folder or archive file, a URI, or named assets: exactly one of the three is set. */
export class Archive {
  /** A digest of its contents, if the run recorded it. */
  digest?: string;
  constructor(readonly source: { path?: string; uri?: string; assets?: Record<string, Asset | Archive> }) {}
}

/** A resource passed as a value. */
export class ResourceReference {
  constructor(
    readonly urn: string,
    readonly id?: Value,
  ) {}
}

/** True for a plain map, not for a secret, an unknown, an asset, an archive or a reference. */
export function isMap(value: Value | undefined): value is Properties {
  return typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}

/**
 * The value as plain JavaScript: secrets unwrapped, unknowns `undefined`, references their id (a component's URN).
 * Assets and archives stay as they are.
 */
export function reveal(value: Value | undefined): unknown {
  if (value instanceof Secret) return reveal(value.value);
  if (value instanceof Unknown) return undefined;
  if (value instanceof ResourceReference) return reveal(value.id) || value.urn;
  if (Array.isArray(value)) return value.map(reveal);
  return isMap(value) ? mapValues(value, reveal) : value;
}

/** The value as JSON to print: secrets are "[secret]", unknowns "[unknown]", references their URN, assets their source and digest. */
export function redact(value: Value): unknown {
  if (value instanceof Secret) return "[secret]";
  if (value instanceof Unknown) return "[unknown]";
  if (value instanceof ResourceReference) return value.urn;
  if (value instanceof Asset || value instanceof Archive) {
    const { digest, source } = value;
    const shown = "assets" in source && source.assets ? { assets: mapValues(source.assets, redact) } : source;
    return digest === undefined ? shown : { ...shown, digest };
  }
  if (Array.isArray(value)) return value.map(redact);
  return isMap(value) ? mapValues(value, redact) : value;
}

export function mapValues<From, To>(map: Record<string, From>, convert: (value: From) => To): Record<string, To> {
  return Object.fromEntries(Object.entries(map).map(([key, value]) => [key, convert(value)]));
}

/** A copy with each text converted, names of fields included, and numbers whose text changes. Secrets stay as they are. */
export function mapTexts(value: unknown, convert: (text: string) => string): unknown {
  if (typeof value === "string") return convert(value);
  if (typeof value === "number") {
    const text = convert(String(value));
    return text === String(value) ? value : text;
  }
  if (Array.isArray(value)) return value.map((element) => mapTexts(element, convert));
  if (typeof value !== "object" || value === null || value instanceof Secret) return value;
  const fields = Object.entries(value).map(([key, field]) => [convert(key), mapTexts(field, convert)]);
  return Object.create(Object.getPrototypeOf(value), Object.getOwnPropertyDescriptors(Object.fromEntries(fields)));
}

/** True when the value is unknown or has an unknown anywhere inside. */
export const hasUnknown = (value: Value): boolean => holds(value, Unknown);

/** True when the value is secret or has a secret anywhere inside. */
export const hasSecret = (value: Value): boolean => holds(value, Secret);

function holds(value: Value, kind: typeof Unknown | typeof Secret): boolean {
  if (value instanceof kind) return true;
  if (value instanceof Secret) return holds(value.value, kind);
  if (Array.isArray(value)) return value.some((element) => holds(element, kind));
  return isMap(value) && Object.values(value).some((field) => holds(field, kind));
}

/** All secret texts, including those nested in a secret value. */
export function secretTexts(value: Value, isSecret = false): string[] {
  if (value instanceof Secret) return secretTexts(value.value, true);
  if (typeof value === "string") return isSecret ? [value] : [];
  if (Array.isArray(value)) return value.flatMap((element) => secretTexts(element, isSecret));
  return isMap(value) ? Object.values(value).flatMap((field) => secretTexts(field, isSecret)) : [];
}
