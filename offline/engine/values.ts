/**
 * The values a Pulumi program hands to an engine: JSON, and what Pulumi adds to it.
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

/** A value that only a real deployment would tell. */
export class Unknown {}

/** A file, text or URI: exactly one of the three is set. */
export class Asset {
  constructor(readonly source: { path?: string; text?: string; uri?: string }) {}
}

/** A folder or archive file, a URI, or named assets: exactly one of the three is set. */
export class Archive {
  constructor(readonly source: { path?: string; uri?: string; assets?: Record<string, Asset | Archive> }) {}
}

/** A resource passed as a value. */
export class ResourceReference {
  constructor(
    readonly urn: string,
    readonly id?: Value,
  ) {}
}
