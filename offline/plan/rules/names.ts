import type { Resource } from "../../engine/graph";
import { differences } from "../paths";

/** The input that names a resource, where it is not `name`. The provider makes up the names that a program does not give. */
const nameInputs: Record<string, string> = { "aws:s3/bucket:Bucket": "bucket" };

/** True when the program gives the resource the name that it had before: two cannot have it at the same time. */
export function keepsName(before: Resource, after: Resource): boolean {
  const name = nameInputs[after.type] ?? "name";
  return after.inputs[name] !== undefined && differences(before.inputs[name], after.inputs[name]).length === 0;
}
