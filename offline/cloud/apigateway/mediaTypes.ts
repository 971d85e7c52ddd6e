/** Whether a media type, or a header that begins with one, is binary. */
export type BinaryTypes = (mediaType: string | undefined) => boolean;

export function binaryTypes(types: string[]): BinaryTypes {
  const patterns = types.map((type) => new RegExp(`^${type.replace(/[.+]/g, "\\$&").replaceAll("*", "[^/]*")}$`, "i"));
  return (mediaType) => patterns.some((pattern) => pattern.test(mediaTypeOf(mediaType)));
}

/** The first media type of a header, without its parameters; empty if the header is. */
export function mediaTypeOf(header = ""): string {
  return header.replace(/[;,].*/s, "").trim();
}
