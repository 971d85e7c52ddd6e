import type { Diagnostic } from "../engine/graph";

/** What a program said, with its severity unless it is information. */
export function describeDiagnostic({ severity, message }: Diagnostic): string {
  return severity === "info" ? message : `${severity}: ${message}`;
}
