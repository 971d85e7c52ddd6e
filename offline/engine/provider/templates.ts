/** A property of the resource whose value is being made, as plain JavaScript. */
export type Get = (property: string) => unknown;

/**
 * A text with `{placeholders}`: `{x}` is the resource's property `x`, `{x|y}` that property or the text `y`, `{region}` and
 * `{account}` are the resource's; `{guid}`, `{hex:8}`, `{chars:10}` and `{CHARS:10}` are made up from the URN.
 */
export type Template = string | number | Template[] | { [key: string]: Template } | ((get: Get) => Template);
export type Templates = { [property: string]: Template };
