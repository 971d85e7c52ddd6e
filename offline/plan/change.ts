import type { Resource } from "../engine/graph";
import type { ChangedInput, Replacing } from "./replacing";

/** What a deployment would do to one resource. */
export interface ResourceChange {
  kind: "create" | "update" | "replace" | "delete" | "same";
  /** Its current URN, or its last one if it is to be deleted. */
  urn: string;
  /** The resource as it was, perhaps under another name; absent when it is new. */
  before?: Resource;
  /** The resource as the program declares it now; absent when it is to be deleted. */
  after?: Resource;
  /** The inputs that differ, or that may differ because they depend on outputs known only after deployment. */
  properties: string[];
  /** The places inside these inputs, as in `replacing`. */
  changed: ChangedInput[];
  /** Why a replaced resource cannot be updated. */
  replacing: Replacing[];
}
