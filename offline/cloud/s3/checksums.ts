import { createHash } from "node:crypto";
import { crc32 } from "node:zlib";

export interface Digest {
  update(data: Buffer): unknown;
  digest(): Buffer;
}

/**
 * The checksums that S3 verifies, by the header or trailer that contains them.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/checking-object-integrity.html
 */
export const checksums: Record<string, () => Digest | Promise<Digest>> = {
  "content-md5": () => createHash("md5"),
  "x-amz-checksum-md5": () => createHash("md5"),
  "x-amz-checksum-sha1": () => createHash("sha1"),
  "x-amz-checksum-sha256": () => createHash("sha256"),
  "x-amz-checksum-sha512": () => createHash("sha512"),
  "x-amz-checksum-crc32": createCrc32,
  "x-amz-checksum-crc32c": () => createInWasm((wasm) => wasm.createCRC32(0x82f63b78)),
  "x-amz-checksum-crc64nvme": () => createInWasm((wasm) => wasm.createCRC64("9a6c9329ac4bc9b5")),
  "x-amz-checksum-xxhash64": () => createInWasm((wasm) => wasm.createXXHash64()),
  "x-amz-checksum-xxhash3": () => createInWasm((wasm) => wasm.createXXHash3()),
  "x-amz-checksum-xxhash128": () => createInWasm((wasm) => wasm.createXXHash128()),
};

function createCrc32(): Digest {
  let value = 0;
  return {
    update: (data) => {
      value = crc32(data, value);
    },
    digest: () => {
      const bytes = Buffer.alloc(4);
      bytes.writeUInt32BE(value);
      return bytes;
    },
  };
}

type Wasm = typeof import("hash-wasm");

/** What Node itself does not have. */
async function createInWasm(create: (wasm: Wasm) => ReturnType<Wasm["createCRC32"]>): Promise<Digest> {
  const hasher = (await create(require("hash-wasm") as Wasm)).init();
  return { update: (data) => hasher.update(data), digest: () => Buffer.from(hasher.digest("binary")) };
}
