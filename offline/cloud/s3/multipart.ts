import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import * as fs from "node:fs/promises";
import { AwsError } from "../core/awsError";
import type { OperationCall } from "../core/declaration";
import type { Buckets } from "./buckets";
import { type Conditions, matches, writeCondition } from "./conditions";
import { type CopyInput, openSource } from "./copy";
import { type ObjectInput, quote } from "./objects";
import { keptHeaders } from "./properties";
import { type Received, receive, save } from "./receive";
import type { Part, Upload } from "./uploads";

/** @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/qfacts.html */
const MAX_PARTS = 10_000;
const MIN_PART_BYTES = 5 * 2 ** 20;

type UploadInput = ObjectInput & { UploadId: string };
type PartInput = UploadInput & { PartNumber: number };
type NamedPart = { PartNumber?: number; ETag?: string };

export function createMultipartUpload(
  buckets: Buckets,
  { Bucket, Key }: ObjectInput,
  { request }: OperationCall,
): object {
  const { name } = buckets.demand(Bucket);
  return { Bucket: name, Key, UploadId: buckets.uploads.create(name, Key, keptHeaders(request.headers)).id };
}

export async function uploadPart(buckets: Buckets, input: PartInput, call: OperationCall): Promise<object> {
  const { md5 } = await addPart(buckets, input, (file) => receive(call, file));
  return { ETag: quote(md5) };
}

export async function uploadPartCopy(
  buckets: Buckets,
  input: PartInput & CopyInput,
  { request }: OperationCall,
): Promise<object> {
  const { md5, modified } = await addPart(buckets, input, async (file) =>
    save((await openSource(buckets, input, request.headers)).stream, file),
  );
  return { CopyPartResult: { LastModified: modified, ETag: quote(md5) } };
}

export function listParts(
  buckets: Buckets,
  input: UploadInput & { PartNumberMarker?: number; MaxParts?: number },
): object {
  const { Bucket, Key, UploadId, PartNumberMarker = 0, MaxParts = 1000 } = input;
  const following = partsOf(uploadOf(buckets, input)).filter(({ number }) => number > PartNumberMarker);
  const page = following.slice(0, MaxParts);
  return {
    Bucket,
    Key,
    UploadId,
    PartNumberMarker,
    NextPartNumberMarker: page.at(-1)?.number,
    MaxParts,
    IsTruncated: following.length > page.length,
    Parts: page.map(({ number, size, md5, modified }) => ({
      PartNumber: number,
      LastModified: modified,
      ETag: quote(md5),
      Size: size,
    })),
  };
}

export async function completeMultipartUpload(
  buckets: Buckets,
  input: UploadInput & Conditions & { MultipartUpload?: { Parts?: NamedPart[] } },
  call: OperationCall,
): Promise<object> {
  const bucket = buckets.demand(input.Bucket);
  const condition = writeCondition(input.Key, input);
  const upload = uploadOf(buckets, input);
  const parts = chooseParts(upload, input.MultipartUpload?.Parts ?? []);
  const md5 = createHash("md5").update(Buffer.concat(parts.map((part) => part.md5)));
  const etag = `"${md5.digest("hex")}-${parts.length}"`;
  await buckets.uploads.end(upload, () =>
    buckets.stage(async (file) => {
      await save(join(parts), file);
      const info = await bucket.write(upload.key, { file, etag, headers: upload.headers }, condition);
      buckets.announce?.({ name: "ObjectCreated:CompleteMultipartUpload", bucket, key: upload.key, info, call });
    }),
  );
  const Location = `/${bucket.name}/${encodeURIComponent(upload.key)}`;
  return { Location, Bucket: bucket.name, Key: upload.key, ETag: etag };
}

export function abortMultipartUpload(buckets: Buckets, input: UploadInput): Promise<void> {
  return buckets.uploads.end(uploadOf(buckets, input));
}

function uploadOf({ uploads }: Buckets, { UploadId, Bucket, Key }: UploadInput): Upload {
  return uploads.find(UploadId, Bucket, Key);
}

async function addPart(buckets: Buckets, input: PartInput, write: (file: string) => Promise<Received>): Promise<Part> {
  uploadOf(buckets, input);
  const { PartNumber: number } = input;
  if (number < 1 || number > MAX_PARTS) {
    throw new AwsError("InvalidArgument", `Part number must be an integer between 1 and ${MAX_PARTS}`);
  }
  const file = await buckets.stagingFile();
  try {
    const part = { number, file, modified: new Date(), ...(await write(file)) };
    // The upload may have ended meanwhile.
    await buckets.uploads.add(uploadOf(buckets, input), part);
    return part;
  } catch (error) {
    await fs.rm(file, { force: true });
    throw error;
  }
}

function partsOf({ parts }: Upload): Part[] {
  return [...parts.values()].sort((a, b) => a.number - b.number);
}

/** The parts that the caller names, in its order. */
function chooseParts({ parts }: Upload, named: NamedPart[]): Part[] {
  if (named.length === 0) throw new AwsError("MalformedXML", "The XML you provided has no Part");
  const chosen = named.map(({ PartNumber = 0, ETag = "" }) => {
    const part = parts.get(PartNumber);
    if (part && matches(ETag, quote(part.md5))) return part;
    throw new AwsError("InvalidPart", `Part ${PartNumber} was not uploaded, or has another ETag`);
  });
  for (const [index, part] of chosen.entries()) {
    const next = chosen[index + 1];
    if (!next) break;
    if (next.number <= part.number) throw new AwsError("InvalidPartOrder", "The parts are not in ascending order");
    if (part.size < MIN_PART_BYTES) {
      const message = `Part ${part.number} has ${part.size} bytes, but all except the last need ${MIN_PART_BYTES}`;
      throw new AwsError("EntityTooSmall", message);
    }
  }
  return chosen;
}

async function* join(parts: Part[]): AsyncGenerator<Buffer> {
  for (const { file } of parts) yield* createReadStream(file);
}
