/** A property of the resource whose value is being made, as plain JavaScript. */
export type Get = (property: string) => unknown;

/** A resource inside a remote component. */
export class Part {
  /**
   * @param suffix What its name has after the component's
   * @param id Default: made up like that of any resource
   */
  constructor(
    readonly type: string,
    readonly suffix: string,
    readonly inputs: Templates = {},
    readonly id?: string,
  ) {}
}

/**
 * A text with `{placeholders}`: `{x}` is the resource's property `x`, `{x|y}` that property or the text `y`, `{region}` and
 * `{account}` are the resource's; `{guid}`, `{hex:8}`, `{chars:10}` and `{CHARS:10}` are made up from the URN.
 */
export type Template = string | number | Part | Template[] | { [key: string]: Template } | Compute;
/** @param input Also tells inputs that have the name of an output */
type Compute = (get: Get, input: Get, region: string) => Template;
export type Templates = { [property: string]: Template };
