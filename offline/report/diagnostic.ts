import type { Diagnostic } from "../engine/graph";

/** What a program said, with how grave it is. */
export function describeDiagnostic({ severity, message }: Diagnostic): string {
  return severity === "info" ? message : `${severity}: ${message}`;
}
