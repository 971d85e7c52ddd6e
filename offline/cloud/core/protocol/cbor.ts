import { targetProtocol } from "./json";
import { Malformed } from "./scalars";

/**
 * The protocol of JSON 1.1 with bodies of CBOR, in which blobs are bytes and times whole milliseconds, as the Java SDK
 * calls Kinesis. No model lists it.
 */
export const cbor = targetProtocol({
  contentType: () => "application/x-amz-cbor-1.1",
  parse: (body) => (body.length === 0 ? {} : decodeCbor(body)),
  print: encodeCbor,
  isNative: true,
});

const MAX_DEPTH = 100;
const BREAK = Symbol("the end of what has no length");
/** The tag of a time. */
const TIME = 1;

/** A value as CBOR. @see https://www.rfc-editor.org/rfc/rfc8949 */
export function encodeCbor(value: unknown): Buffer {
  const parts: Buffer[] = [];
  write(value, parts);
  return Buffer.concat(parts);
}

function write(value: unknown, parts: Buffer[]): void {
  if (typeof value === "string") {
    const text = Buffer.from(value);
    parts.push(head(3, text.length), text);
  } else if (typeof value === "number") {
    parts.push(Number.isSafeInteger(value) ? (value < 0 ? head(1, -1 - value) : head(0, value)) : double(value));
  } else if (typeof value === "boolean") parts.push(Buffer.of(value ? 0xf5 : 0xf4));
  else if (value === undefined || value === null) parts.push(Buffer.of(0xf6));
  else if (value instanceof Uint8Array) parts.push(head(2, value.length), Buffer.from(value));
  else if (value instanceof Date) {
    parts.push(head(6, TIME));
    write(value.getTime(), parts);
  } else if (Array.isArray(value)) {
    parts.push(head(4, value.length));
    for (const one of value) write(one, parts);
  } else {
    const entries = Object.entries(value).filter(([, one]) => one !== undefined);
    parts.push(head(5, entries.length));
    for (const entry of entries) for (const one of entry) write(one, parts);
  }
}

function head(major: number, argument: number): Buffer {
  const type = major << 5;
  if (argument < 24) return Buffer.of(type | argument);
  if (argument < 2 ** 8) return Buffer.of(type | 24, argument);
  const buffer = Buffer.alloc(argument < 2 ** 16 ? 3 : argument < 2 ** 32 ? 5 : 9);
  buffer[0] = type | (buffer.length === 3 ? 25 : buffer.length === 5 ? 26 : 27);
  if (buffer.length === 9) buffer.writeBigUInt64BE(BigInt(argument), 1);
  else buffer.writeUIntBE(argument, 1, buffer.length - 1);
  return buffer;
}

function double(value: number): Buffer {
  const buffer = Buffer.alloc(9, 0xfb);
  buffer.writeDoubleBE(value, 1);
  return buffer;
}

/** A value from CBOR: bytes are Buffers, and times Dates. @throws Malformed */
export function decodeCbor(bytes: Buffer): unknown {
  const reader = new Reader(bytes);
  const value = reader.read(0);
  if (value === BREAK || !reader.isDone) throw malformed();
  return value;
}

function malformed(): Malformed {
  return new Malformed("The body is not valid CBOR");
}

class Reader {
  private at = 0;

  constructor(private readonly bytes: Buffer) {}

  get isDone(): boolean {
    return this.at === this.bytes.length;
  }

  read(depth: number): unknown {
    if (depth > MAX_DEPTH) throw malformed();
    const first = this.take(1)[0] as number;
    const [major, info] = [first >> 5, first & 31];
    if (major === 7) return this.simple(info);
    // What has no length ends with a break.
    if (info === 31 && (major < 2 || major === 6)) throw malformed();
    const count = info === 31 ? undefined : this.argument(info);
    switch (major) {
      case 0:
        return count;
      case 1:
        return -1 - (count ?? 0);
      case 2:
        return this.string(major, count);
      case 3:
        return this.string(major, count).toString();
      case 4:
        return this.list(count, depth);
      case 5: {
        const flat = this.list(count === undefined ? undefined : count * 2, depth);
        if (flat.length % 2 !== 0) throw malformed();
        const keys = flat.filter((_, index) => index % 2 === 0);
        return Object.fromEntries(keys.map((key, index) => [String(key), flat[index * 2 + 1]]));
      }
      default: {
        const value = this.read(depth + 1);
        return count === TIME && typeof value === "number" ? new Date(value) : value;
      }
    }
  }

  private list(count: number | undefined, depth: number): unknown[] {
    const list: unknown[] = [];
    while (list.length !== count) {
      const value = this.read(depth + 1);
      if (value === BREAK && count === undefined) break;
      if (value === BREAK) throw malformed();
      list.push(value);
    }
    return list;
  }

  /** Bytes; without a length, they are in pieces of the same type. */
  private string(major: number, count: number | undefined): Buffer {
    if (count !== undefined) return this.take(count);
    const pieces: Buffer[] = [];
    for (let first = this.take(1)[0] as number; first !== 0xff; first = this.take(1)[0] as number) {
      if (first >> 5 !== major || (first & 31) === 31) throw malformed();
      pieces.push(this.take(this.argument(first & 31)));
    }
    return Buffer.concat(pieces);
  }

  private argument(info: number): number {
    if (info < 24) return info;
    if (info > 27) throw malformed();
    const bytes = this.take(2 ** (info - 24));
    return bytes.length === 8 ? Number(bytes.readBigUInt64BE()) : bytes.readUIntBE(0, bytes.length);
  }

  private simple(info: number): unknown {
    switch (info) {
      case 20:
      case 21:
        return info === 21;
      case 22:
      case 23:
        return null;
      case 25:
        return half(this.take(2).readUInt16BE());
      case 26:
        return this.take(4).readFloatBE();
      case 27:
        return this.take(8).readDoubleBE();
      case 31:
        return BREAK;
      default:
        throw malformed();
    }
  }

  private take(count: number): Buffer {
    const end = this.at + count;
    if (end > this.bytes.length) throw malformed();
    const taken = this.bytes.subarray(this.at, end);
    this.at = end;
    return taken;
  }
}

/** A float of 16 bits. */
function half(bits: number): number {
  const [exponent, fraction] = [(bits >> 10) & 31, bits & 1023];
  const size =
    exponent === 0
      ? fraction * 2 ** -24
      : exponent === 31
        ? fraction
          ? Number.NaN
          : Infinity
        : (1024 + fraction) * 2 ** (exponent - 25);
  return bits & 0x8000 ? -size : size;
}
