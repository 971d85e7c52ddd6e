import { randomBytes } from "node:crypto";

/** The revisions that If-Match or If-None-Match names: any, or these. */
export type Revisions = "*" | string[];

/**
 * For the routes: a header that is a list of entity tags, which may have empty elements (RFC 9110, 5.6.1). Its maximum
 * length keeps the list below the 100 operands of DynamoDB's IN.
 */
export const entityTagList = {
  type: "string",
  pattern: '^(\\*|[ \\t,]*(W/)?"[!#-~\\x80-\\xff]*"([ \\t]*,[ \\t,]*(W/)?"[!#-~\\x80-\\xff]*")*[ \\t,]*)$',
  maxLength: 2400,
} as const;

/** A name for one state of a resource. Random, as a counter would repeat after a delete and a create. */
export function newRevision(): string {
  return randomBytes(16).toString("base64url");
}

export function entityTag(revision: string): string {
  return `"${revision}"`;
}

/** The revisions of an If-Match header, or any if it is absent; weak tags never match there (RFC 9110, 13.1.1). */
export function strongRevisions(header = "*"): Revisions {
  return header === "*" ? header : revisionsIn(header, /(?<!W\/)"([\w-]{22})"/g);
}

/** The revisions of an If-None-Match header, where weak tags match too (RFC 9110, 13.1.2). */
export function weakRevisions(header: string): Revisions {
  return header === "*" ? header : revisionsIn(header, /"([\w-]{22})"/g);
}

function revisionsIn(header: string, tags: RegExp): string[] {
  return [...header.matchAll(tags)].map(([, revision = ""]) => revision);
}

export function includesRevision(revisions: Revisions, revision: string): boolean {
  return revisions === "*" || revisions.includes(revision);
}
