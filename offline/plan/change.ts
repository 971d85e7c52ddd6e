import type { Resource } from "../engine/graph";
import type { Replacing } from "./replacing";

/** What a deployment would do to one resource. */
export interface ResourceChange {
  kind: "create" | "update" | "replace" | "delete" | "same";
  /** The URN that it has now; of a deleted resource, the one that it had. */
  urn: string;
  /** The resource as it was, perhaps under another name; absent when it is new. */
  before?: Resource;
  /** The resource as the program declares it now; absent when it is to be deleted. */
  after?: Resource;
  /** The inputs that differ, or that may because they depend on outputs that only the deployment will tell. */
  properties: string[];
  /** Why a replaced resource cannot be updated. */
  replacing: Replacing[];
}
