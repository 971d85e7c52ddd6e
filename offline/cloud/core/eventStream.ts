import { crc32 } from "node:zlib";

/** The bytes before the headers: two lengths and their checksum. */
const PRELUDE_BYTES = 12;
const CHECKSUM_BYTES = 4;
/** The type of a header whose value is text. */
const TEXT = 7;

/**
 * One message of an event stream.
 * @see https://smithy.io/2.0/aws/amazon-eventstream.html
 */
export function encodeEvent(
  type: string,
  contentType: string,
  payload: Uint8Array,
  kind: "event" | "exception" = "event",
): Buffer {
  const headers = Buffer.concat([
    header(":message-type", kind),
    header(`:${kind}-type`, type),
    header(":content-type", contentType),
  ]);
  const message = Buffer.alloc(PRELUDE_BYTES + headers.length + payload.length + CHECKSUM_BYTES);
  message.writeUInt32BE(message.length, 0);
  message.writeUInt32BE(headers.length, 4);
  message.writeUInt32BE(crc32(message.subarray(0, 8)), 8);
  message.set(headers, PRELUDE_BYTES);
  message.set(payload, PRELUDE_BYTES + headers.length);
  message.writeUInt32BE(crc32(message.subarray(0, -CHECKSUM_BYTES)), message.length - CHECKSUM_BYTES);
  return message;
}

function header(name: string, value: string): Buffer {
  const length = Buffer.alloc(2);
  length.writeUInt16BE(Buffer.byteLength(value));
  return Buffer.concat([Buffer.of(name.length), Buffer.from(name), Buffer.of(TEXT), length, Buffer.from(value)]);
}
