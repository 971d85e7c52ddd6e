import type { Finding } from "../../lib/rule";
import { keyOf, type Reading, read, readGiven } from "../../lib/values";
import { unreadable } from "../checks";

/** One statement of an IAM policy document, and where it is: `policy.Statement[0]`. */
export interface Statement {
  path: string;
  value: object;
}

/** The statements of policy documents, and findings about documents that cannot be parsed. */
interface Document {
  /** Those with the effect `Allow`. */
  statements: Statement[];
  /** Those with the effect `Deny`. */
  denials: Statement[];
  problems: Finding[];
}

/**
 * The documents at a path. Statements that are unknown, or whose effect is unknown, are left out.
 * @param path the path of a document, which is a JSON string, or an object that the provider converts to JSON
 */
export function documentsAt(props: object, path: string): Document {
  const found = spread(read(props, `${path}{}.Statement`));
  const statements = found.flatMap(({ path, ...reading }): Statement[] =>
    reading.state === "known" && isMap(reading.value) ? [{ path, value: reading.value }] : [],
  );
  const withEffect = (effect: string) =>
    statements.filter((statement) => textsOf(statement, "Effect").some(({ text }) => text === effect));
  const notMaps = found.flatMap((reading): Finding[] =>
    reading.state === "known" && !isMap(reading.value)
      ? [{ message: `${reading.path} must be a statement, a map.` }]
      : [],
  );
  const problems = [...unreadable(found), ...notMaps];
  return { statements: withEffect("Allow"), denials: withEffect("Deny"), problems };
}

/** The elements of a statement's property; IAM treats a single value as a list of one. */
export function elementsOf({ path, value }: Statement, name: string): Reading[] {
  return spread(read(value, keyOf(value, name), path));
}

/** The known strings among the elements of a statement's property, such as its actions. */
export function textsOf(statement: Statement, name: string): { path: string; text: string }[] {
  return elementsOf(statement, name).flatMap((reading) =>
    reading.state === "known" && typeof reading.value === "string" ? [{ path: reading.path, text: reading.value }] : [],
  );
}

/** The maps among the elements of a statement's property, such as its condition. */
export function mapsOf(statement: Statement, name: string): Statement[] {
  return elementsOf(statement, name).flatMap((reading) =>
    reading.state === "known" && isMap(reading.value) ? [{ path: reading.path, value: reading.value }] : [],
  );
}

export function has({ path, value }: Statement, name: string): boolean {
  return readGiven(value, `${keyOf(value, name)}[]`, path).some(({ state }) => state !== "missing");
}

function spread(readings: Reading[]): Reading[] {
  return readings.flatMap((reading) => {
    if (reading.state !== "known" || !Array.isArray(reading.value)) return [reading];
    return read(reading.value, "[]", reading.path);
  });
}

function isMap(value: unknown): value is object {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
