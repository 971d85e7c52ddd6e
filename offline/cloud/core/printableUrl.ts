import { withoutSignature } from "./signature/signature";

/** A request's URL for the log: without signatures, and without what a terminal may take for a command. */
export function printableUrl(url = "/"): string {
  return withoutSignature(url).replace(/[^\x20-\x7e]/g, encodeURIComponent);
}
