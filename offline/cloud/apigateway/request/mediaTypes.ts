/** Whether a media type, or a header that begins with one, is binary. */
export type BinaryTypes = (mediaType: string | undefined) => boolean;

/** @param types full types, `image/*` or `*\/*`; a wildcard elsewhere matches nothing, as in API Gateway */
export function binaryTypes(types: string[]): BinaryTypes {
  const known = new Set(types.map((type) => type.toLowerCase()).filter((type) => !/^\*\/(?!\*$)/.test(type)));
  return (header) => {
    const type = mediaTypeOf(header).toLowerCase();
    const [kind, subtype] = type.split("/");
    return subtype !== undefined && (known.has(type) || known.has(`${kind}/*`) || known.has("*/*"));
  };
}

/** The first media type of a header, without its parameters; empty if the header is. */
export function mediaTypeOf(header = ""): string {
  return header.replace(/[;,].*/s, "").trim();
}
