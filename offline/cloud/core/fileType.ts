/** The media type that a file's name suggests. The table of types is loaded with the first file. */
export function typeOfFile(name: string): string | undefined {
  const { getType } = require("mime") as typeof import("mime");
  return getType(name) ?? undefined;
}
