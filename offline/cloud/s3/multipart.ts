import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import * as fs from "node:fs/promises";
import { type Answer, bucketOf, type Call, keptHeaders, matches, writeCondition } from "./call";
import { openSource } from "./copy";
import { s3Error } from "./errors";
import { quote } from "./objects";
import { type Received, readWhole, receive, save } from "./receive";
import type { Part, Upload } from "./uploads";
import { demandElements, document, readText } from "./xml";

/** @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/qfacts.html */
const MAX_PARTS = 10_000;
const MIN_PART_BYTES = 5 * 2 ** 20;

export async function createMultipartUpload(call: Call): Promise<Answer> {
  const { name } = bucketOf(call);
  const { id } = call.uploads.create(name, call.key, keptHeaders(call));
  return { body: document("InitiateMultipartUploadResult", { Bucket: name, Key: call.key, UploadId: id }) };
}

export async function uploadPart(call: Call): Promise<Answer> {
  const { md5 } = await addPart(call, (file) => receive(call, file));
  return { headers: { ETag: quote(md5) } };
}

export async function uploadPartCopy(call: Call): Promise<Answer> {
  const { md5, modified } = await addPart(call, async (file) => save((await openSource(call)).stream, file));
  return { body: document("CopyPartResult", { LastModified: modified.toISOString(), ETag: quote(md5) }) };
}

export async function listParts(call: Call): Promise<Answer> {
  const upload = uploadOf(call);
  const marker = Number(call.query.get("part-number-marker") ?? 0);
  const maxParts = Number(call.query.get("max-parts") ?? 1000);
  const following = partsOf(upload).filter(({ number }) => number > marker);
  const page = following.slice(0, maxParts);
  const body = document("ListPartsResult", {
    Bucket: upload.bucketName,
    Key: upload.key,
    UploadId: upload.id,
    PartNumberMarker: marker,
    NextPartNumberMarker: page.at(-1)?.number,
    MaxParts: maxParts,
    IsTruncated: following.length > page.length,
    Part: page.map(({ number, size, md5, modified }) => ({
      PartNumber: number,
      LastModified: modified.toISOString(),
      ETag: quote(md5),
      Size: size,
    })),
  });
  return { body };
}

export async function completeMultipartUpload(call: Call): Promise<Answer> {
  const bucket = bucketOf(call);
  const condition = writeCondition(call);
  const xml = await readWhole(call);
  const upload = uploadOf(call);
  const parts = chooseParts(upload, xml);
  const md5 = createHash("md5").update(Buffer.concat(parts.map((part) => part.md5)));
  const etag = `"${md5.digest("hex")}-${parts.length}"`;
  await call.uploads.end(upload, () =>
    call.buckets.stage(async (file) => {
      await save(join(parts), file);
      await bucket.write(upload.key, { file, etag, headers: upload.headers }, condition);
    }),
  );
  const Location = `/${bucket.name}/${encodeURIComponent(upload.key)}`;
  const answer = { Location, Bucket: bucket.name, Key: upload.key, ETag: etag };
  return { body: document("CompleteMultipartUploadResult", answer) };
}

export async function abortMultipartUpload(call: Call): Promise<Answer> {
  await call.uploads.end(uploadOf(call));
  return { status: 204 };
}

function uploadOf({ uploads, bucketName, key, query }: Call): Upload {
  return uploads.find(query.get("uploadId") ?? "", bucketName, key);
}

async function addPart(call: Call, write: (file: string) => Promise<Received>): Promise<Part> {
  uploadOf(call);
  const number = Number(call.query.get("partNumber"));
  if (!Number.isInteger(number) || number < 1 || number > MAX_PARTS) {
    throw s3Error("InvalidArgument", `Part number must be an integer between 1 and ${MAX_PARTS}`);
  }
  const file = await call.buckets.stagingFile();
  try {
    const part = { number, file, modified: new Date(), ...(await write(file)) };
    // The upload may have ended meanwhile.
    await call.uploads.add(uploadOf(call), part);
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
function chooseParts({ parts }: Upload, xml: string): Part[] {
  const chosen = demandElements(xml, "Part").map((element) => {
    const part = parts.get(Number(readText(element, "PartNumber")));
    if (part && matches(readText(element, "ETag") ?? "", quote(part.md5))) return part;
    const name = readText(element, "PartNumber");
    throw s3Error("InvalidPart", `Part ${name} was not uploaded, or has another ETag`);
  });
  for (const [index, part] of chosen.entries()) {
    const next = chosen[index + 1];
    if (!next) break;
    if (next.number <= part.number) throw s3Error("InvalidPartOrder", "The parts are not in ascending order");
    if (part.size < MIN_PART_BYTES) {
      const message = `Part ${part.number} has ${part.size} bytes, but all except the last need ${MIN_PART_BYTES}`;
      throw s3Error("EntityTooSmall", message);
    }
  }
  return chosen;
}

async function* join(parts: Part[]): AsyncGenerator<Buffer> {
  for (const { file } of parts) yield* createReadStream(file);
}
