import type { Resource } from "../../engine/graph";
import { differences } from "../paths";

/** The input that is a resource's name, which the provider makes up where a program does not give it; else `name`. */
const nameInputs: Record<string, string> = { "aws:s3/bucket:Bucket": "bucket" };

/** True when the program gives the resource a name that it gave it before too: two cannot have it at once. */
export function keepsName(before: Resource, after: Resource): boolean {
  const name = nameInputs[after.type] ?? "name";
  return after.inputs[name] !== undefined && differences(before.inputs[name], after.inputs[name]).length === 0;
}
