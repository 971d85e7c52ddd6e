import { randomUUID } from "node:crypto";
import * as fs from "node:fs/promises";
import { AwsError } from "../core/awsError";

export interface Part {
  number: number;
  file: string;
  size: number;
  md5: Buffer;
  modified: Date;
}

export interface Upload {
  id: string;
  bucketName: string;
  key: string;
  /** The headers of the object, from when the upload began. */
  headers: Record<string, string>;
  parts: Map<number, Part>;
}

/** The multipart uploads in progress. They end with the process. */
export class Uploads {
  private readonly uploads = new Map<string, Upload>();

  create(bucketName: string, key: string, headers: Record<string, string>): Upload {
    const upload = { id: randomUUID(), bucketName, key, headers, parts: new Map() };
    this.uploads.set(upload.id, upload);
    return upload;
  }

  /** @throws AwsError if it has ended, or is for another object */
  find(id: string, bucketName: string, key: string): Upload {
    const upload = this.uploads.get(id);
    if (upload && upload.bucketName === bucketName && upload.key === key) return upload;
    const message = "The specified multipart upload does not exist, was aborted or completed.";
    throw new AwsError("NoSuchUpload", message, 404, { UploadId: id });
  }

  async add(upload: Upload, part: Part): Promise<void> {
    const replaced = upload.parts.get(part.number);
    upload.parts.set(part.number, part);
    if (replaced) await fs.rm(replaced.file, { force: true });
  }

  /** Removes an upload, so that it ends only once. If `use` fails, it continues with all its parts. */
  async end(upload: Upload, use: () => Promise<void> = async () => {}): Promise<void> {
    this.uploads.delete(upload.id);
    try {
      await use();
    } catch (error) {
      this.uploads.set(upload.id, upload);
      throw error;
    }
    for (const { file } of upload.parts.values()) await fs.rm(file, { force: true });
  }
}
