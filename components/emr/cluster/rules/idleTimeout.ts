import { applicationsOf, offYarn } from "./applications";

/** The arguments that determine when a cluster terminates. */
interface EndArgs {
  releaseLabel: string;
  applications?: string[];
  highAvailability?: boolean;
  terminationProtection?: boolean;
  idleTimeout?: number;
}

/** Seconds after which an idle cluster terminates; 0 lets it run. */
export function idleTimeoutOf(args: EndArgs): number {
  return args.idleTimeout ?? (whyNotToEnd(args) === undefined ? 3600 : 0);
}

/**
 * Why a cluster cannot terminate itself when it is idle, if it cannot. AWS does not say whether termination protection
 * or a timeout wins, and no cluster should depend on it.
 * @see Amazon EMR Management Guide, "Using an auto-termination policy for Amazon EMR cluster cleanup", "Launch an
 * Amazon EMR Cluster with multiple primary nodes"
 */
export function whyNotToEnd(args: EndArgs): string | undefined {
  const others = offYarn(applicationsOf(args));
  if (others.length > 0) return `relies on YARN, which does not manage ${others.join(" and ")}`;
  if (args.highAvailability) return "is overridden by EMR with `highAvailability`";
  return args.terminationProtection ? "terminates the cluster that `terminationProtection` protects" : undefined;
}
