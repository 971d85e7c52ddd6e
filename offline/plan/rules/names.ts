import type { Resource } from "../../engine/graph";
import { differences } from "../paths";

/** The input that names a resource, where it is not `name`. The provider makes up the names that a program does not give. */
const nameInputs: Record<string, string> = { "aws:s3/bucket:Bucket": "bucket" };

/** True when the program gives the resource the name that it had before: two cannot have it at the same time. */
export function keepsName(before: Resource, after: Resource): boolean {
  const input = nameInputs[after.type] ?? "name";
  const [earlier, name] = [before.inputs[input], after.inputs[input] ?? undefined];
  return name !== undefined && differences(earlier, name).length === 0;
}
