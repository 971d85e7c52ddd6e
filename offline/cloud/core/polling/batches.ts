/** The largest payload of a synchronous invocation, which no batch exceeds. @see https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
export const MAX_PAYLOAD_BYTES = 6 * 2 ** 20;
/** What a payload has around its records. */
const ENVELOPE_BYTES = 1024;

/** What became of a batch. */
export interface Outcome {
  /** The identifiers of what failed, or all of it. */
  failed: "all" | ReadonlySet<string>;
  /** Whether the target took nothing because it is at its limit. The batch is then delivered again, which counts as no attempt. */
  throttled?: boolean;
}

/** One record or message of a batch. */
export interface Item {
  /** Its sequence number, or its message ID. */
  id: string;
  /** The element of `Records` that the target gets, as JSON. */
  json: string;
}

/** How many of the items fit into the next batch: at least one. */
export function fitting(items: readonly Item[], most: number): number {
  let bytes = ENVELOPE_BYTES;
  for (const [index, { json }] of items.slice(0, most).entries()) {
    bytes += Buffer.byteLength(json) + 1;
    if (bytes > MAX_PAYLOAD_BYTES && index > 0) return index;
  }
  return Math.min(items.length, most);
}

/** The first of the items that failed; undefined if none did. */
export function firstFailed(items: readonly Item[], { failed }: Outcome): number | undefined {
  if (failed === "all") return 0;
  const index = items.findIndex(({ id }) => failed.has(id));
  return index < 0 ? undefined : index;
}
