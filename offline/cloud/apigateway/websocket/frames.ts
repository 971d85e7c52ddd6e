/** Measures the frames that a client sends, because a complete message does not show how it was split. */
export class FrameSizes {
  private header: number[] = [];
  /** How many bytes of the current frame's payload are still to come. */
  private left = 0;

  /** The size of the largest frame that begins in these bytes. */
  largestIn(chunk: Buffer): number {
    let largest = 0;
    for (let at = 0; at < chunk.length; ) {
      if (this.left > 0) {
        const skipped = Math.min(this.left, chunk.length - at);
        this.left -= skipped;
        at += skipped;
        continue;
      }
      this.header.push(chunk[at++] as number);
      const size = sizeIn(this.header);
      if (size === undefined) continue;
      this.header = [];
      this.left = size;
      largest = Math.max(largest, size);
    }
    return largest;
  }
}

/** The size that a header announces; undefined until it is complete. @see RFC 6455, section 5.2 */
function sizeIn(header: number[]): number | undefined {
  const [, second = 0] = header;
  const short = second & 0x7f;
  const extended = { 126: 2, 127: 8 }[short] ?? 0;
  const mask = second & 0x80 ? 4 : 0;
  if (header.length < 2 + extended + mask) return undefined;
  if (extended === 0) return short;
  return header.slice(2, 2 + extended).reduce((sum, byte) => sum * 256 + byte, 0);
}
