/** Reads another property of the same resource, as plain JavaScript. */
export type Get = (property: string) => unknown;

/** A resource inside a remote component. */
export class Part {
  /**
   * @param suffix Appended to the component's name to form its own
   * @param inputs Those that turn out to be empty text are left out
   * @param id Made up, as for any resource, if absent
   */
  constructor(
    readonly type: string,
    readonly suffix: string,
    readonly inputs: Templates = {},
    readonly id?: string,
  ) {}
}

/**
 * Text with `{placeholders}`: `{x}` is the resource's property `x`, `{x|y}` the same with the default `y`, `{region}`,
 * `{partition}`, `{dnsSuffix}` and `{account}` are the resource's; `{guid}`, `{hex:8}`, `{chars:10}` and `{CHARS:10}` are derived from the URN.
 */
export type Template = string | number | Part | Template[] | { [key: string]: Template } | Compute;
/**
 * Returns undefined if there is nothing better than a guess from the property's name and type.
 * @param input Reads an input, even if an output has the same name
 * @param guess Makes up the text of a property with that name
 */
export type Compute = (get: Get, input: Get, region: string, guess: (name: string) => string) => Template | undefined;
/** `core.cluster` is the part inside the output `core` that has this type. */
export type Templates = { [property: string]: Template };
