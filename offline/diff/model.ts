import type { PolicyPackResult } from "../engine/graph";

/** What changed between two versions of a program. All values are safe to print. */
export interface Comparison {
  project: string;
  stack: string;
  /** What the program is compared with: a file, or a git ref with its commit. */
  base: string;
  /** About what makes the comparison less exact. */
  notes: string[];
  /** What breaks callers or loses data, whether allowed or not. */
  breaks: Break[];
  /** What would stop the deployment, besides breaks. */
  errors: { urn: string; message: string }[];
  resources: ResourceDiff[];
  routes: RouteDiff[];
  /** What is allowed now and was not before. */
  permissions: Widening[];
  /** The verdict of each policy pack; empty if none ran. */
  policyPacks: PolicyPackResult[];
  /** Of the verdict, what the base does not have; only of the packs that checked the base. */
  newFindings: PolicyPackResult[];
  /** The options `--allow` that fit no break. */
  unusedAllowances: string[];
}

export const breakKinds = [
  "route-removed",
  "route-opened",
  "route-closed",
  "policy-opened",
  "resource-deleted",
  "resource-replaced",
] as const;

export interface Break {
  kind: (typeof breakKinds)[number];
  /** What it is about, as `--allow` names it. */
  target: string;
  message: string;
  /** The API whose routes break in the same way, and how, as the end of a sentence about several of them. */
  alike?: { api: string; message: string };
  /** The reason given for it with `--allow`. */
  allowed?: string;
}

export interface ResourceDiff {
  kind: "create" | "update" | "replace" | "delete" | "rename";
  urn: string;
  type: string;
  name: string;
  /** Its name before, if that was another one. */
  formerName?: string;
  properties: PropertyDiff[];
  /** The properties that force the replacement, with why. */
  replacing: { property: string; reason: string }[];
}

export interface PropertyDiff {
  path: string;
  /** Absent when the property is new. */
  before?: unknown;
  /** Absent when the property is removed. */
  after?: unknown;
  /** The resource whose outputs decide the new value, which is known only after deployment. */
  madeFrom?: string;
}

export interface RouteDiff {
  kind: "added" | "removed" | "opened" | "closed";
  /** The URN and the name of the API, or of the function URL. */
  api: string;
  apiName: string;
  method: string;
  path: string;
  /** The authorization, such as `AWS_IAM` or `none`. */
  before?: string;
  after?: string;
  /** The route that was there before and gets the requests of the removed one. */
  takenOver?: string;
}

/** `GET /items`; some routes have only a method or only a path. */
export function routeName({ method, path }: Pick<RouteDiff, "method" | "path">): string {
  return [method, path].filter(Boolean).join(" ");
}

export interface Widening {
  /** Whose permissions: `role items`, or the policy of which resource: `bucket policy data`. */
  subject: string;
  /** True when all of the subject's permissions are new. */
  isNew: boolean;
  kind: "allowed" | "no longer denied";
  /** True when anyone is allowed, without a condition. */
  isPublic: boolean;
  actions: string[];
  /** Empty in a trust policy. */
  resources: string[];
  /** Empty for what a role or user itself may do. */
  principals: string[];
  /** The conditions as JSON. */
  condition?: string;
}
