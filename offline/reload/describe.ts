import type { Change } from "../server";

/** A change of branches may touch hundreds of files. */
const SHOWN_FILES = 3;

export function describeFiles(names: string[]): string {
  const others = names.length - SHOWN_FILES;
  return others > 1 ? `${names.slice(0, SHOWN_FILES).join(", ")} and ${others} others` : names.join(", ");
}

export function describeChanges(changes: Change[]): string {
  return changes.map(({ action, kind, name }) => `${kind} ${name} ${action}`).join(", ") || "nothing changes";
}
