import { ChecksumAlgorithm } from "@aws-sdk/client-s3";
import { expect } from "chai";
import { checksums } from "../../../../offline/cloud/s3/checksums";
import { send } from "../../../helpers/offline/api";
import { graphOf } from "../../../helpers/offline/graph";
import { bucket } from "../../../helpers/offline/s3";
import { closeServers, serveGraph } from "../../../helpers/offline/served";
import { signed } from "../../../helpers/offline/signed";
import { temporaryFolder } from "../../../helpers/temporaryFolder";

/** The digests of "123456789" or "abc" that the algorithms' specifications give, in hexadecimal. */
const digests: Record<string, [string, string]> = {
  MD5: ["abc", "900150983cd24fb0d6963f7d28e17f72"],
  SHA1: ["abc", "a9993e364706816aba3e25717850c26c9cd0d89d"],
  SHA256: ["abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"],
  SHA512: [
    "abc",
    "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f",
  ],
  CRC32: ["123456789", "cbf43926"],
  CRC32C: ["123456789", "e3069283"],
  CRC64NVME: ["123456789", "ae8b14860a799888"],
  XXHASH64: ["abc", "44bc2cf5ad770999"],
  XXHASH3: ["abc", "78af5f94892f3950"],
  XXHASH128: ["abc", "06b05ab6733a618578af5f94892f3950"],
};

describe("a checksum of an S3 upload", () => {
  afterEach(closeServers);

  for (const [algorithm, [body, digest]] of Object.entries(digests)) {
    const name = `x-amz-checksum-${algorithm.toLowerCase()}`;

    it(`is verified as a header and as a trailer: ${algorithm}`, async () => {
      const server = await serveGraph(graphOf(temporaryFolder(), bucket("raw")));
      const put = async (content: string, headers: Record<string, string>) => {
        const request = { service: "s3", method: "PUT", path: "/raw/a", body: content, headers };
        const answer = await send(server.endpoint, await signed(server, request));
        return /<Code>(.*)<\/Code>/.exec(answer.body)?.[1] ?? answer.status;
      };
      const trailing = (checksum: string) =>
        put(`${body.length.toString(16)}\r\n${body}\r\n0\r\n${name}:${checksum}\r\n\r\n`, {
          "x-amz-content-sha256": "STREAMING-UNSIGNED-PAYLOAD-TRAILER",
          "x-amz-decoded-content-length": String(body.length),
          "x-amz-trailer": name,
        });
      const right = Buffer.from(digest, "hex");
      const wrong = Buffer.alloc(right.length);
      expect(await put(body, { [name]: wrong.toString("base64") })).to.equal("BadDigest");
      expect(await put(body, { [name]: right.toString("base64") })).to.equal(200);
      expect(await trailing(wrong.toString("base64"))).to.equal("BadDigest");
      expect(await trailing(right.toString("base64"))).to.equal(200);
    });
  }

  it("may have any algorithm that AWS's SDK knows", () => {
    const names = Object.values(ChecksumAlgorithm).map((algorithm) => `x-amz-checksum-${algorithm.toLowerCase()}`);
    expect(Object.keys(checksums)).to.include.members(names);
    expect(Object.keys(digests)).to.include.members(Object.values(ChecksumAlgorithm));
  });
});
