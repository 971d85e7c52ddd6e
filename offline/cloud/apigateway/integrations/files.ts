import * as fs from "node:fs/promises";
import * as path from "node:path";
import type { Answer } from "../../core/answer";
import { typeOfFile } from "../../core/fileType";
import type { LocalFiles } from "../definition/document";
import type { Responder } from "./pipeline";

/**
 * Serves files of this machine like the S3 integration that a component sets up for them: any method reads, and
 * whatever S3 refuses is a 400 with S3's own document.
 */
export function serveFiles({ path: location, contentType }: LocalFiles): Responder {
  return async ({ pathParameters }) => {
    const file = fileIn(location, pathParameters.proxy);
    const body = file && (await fs.readFile(file).catch(() => undefined));
    if (!file || !body) return missing;
    const type = contentType ?? typeOfFile(file) ?? "binary/octet-stream";
    return { status: 200, headers: [["Content-Type", type]], body };
  };
}

const missing: Answer = {
  status: 400,
  headers: [["Content-Type", "application/json"]],
  body: '<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>NoSuchKey</Code><Message>The specified key does not exist.</Message></Error>',
};

/** Undefined if the path is not valid text or leads out of the folder. */
function fileIn(location: string, proxy: string | undefined): string | undefined {
  if (proxy === undefined) return location;
  try {
    const file = path.join(location, decodeURIComponent(proxy));
    return file.startsWith(location + path.sep) && !file.includes("\0") ? file : undefined;
  } catch {
    return undefined;
  }
}
