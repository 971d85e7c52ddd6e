import { applicationsOf, offYarn } from "./applications";

/** What of a cluster's arguments decides on its end. */
interface EndArgs {
  releaseLabel: string;
  applications?: string[];
  highAvailability?: boolean;
  terminationProtection?: boolean;
  idleTimeout?: number;
}

/** Seconds after which an idle cluster ends; 0 lets it run. */
export function idleTimeoutOf(args: EndArgs): number {
  return args.idleTimeout ?? (whyNotToEnd(args) === undefined ? 3600 : 0);
}

/**
 * Why a cluster cannot end itself when it is idle, if it cannot. AWS does not say which wins of termination protection
 * and a timeout, and no cluster should depend on it.
 * @see Amazon EMR Management Guide, "Using an auto-termination policy for Amazon EMR cluster cleanup", "Launch an Amazon EMR Cluster with multiple primary nodes"
 */
export function whyNotToEnd(args: EndArgs): string | undefined {
  const others = offYarn(applicationsOf(args));
  if (others.length > 0) return `looks at YARN, which does not know of ${others.join(" and ")}`;
  if (args.highAvailability) return "is overridden by EMR with `highAvailability`";
  return args.terminationProtection ? "ends the cluster that `terminationProtection` guards" : undefined;
}
