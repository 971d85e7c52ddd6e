import { newestReleases } from "./data";

/** The newest release that is known here in each major version, oldest first; later ones may support more. */
export const newestKnown = newestReleases.split(" ");

const label = /^emr-(?:spark-)?(\d+\.\d+\.\d+)$/;

/**
 * The numbers of a label; `emr-spark-` labels are the major version 8.
 * @throws Error if the label is incomplete, such as `7.1` or `emr-7.1`
 */
export function parseRelease(text: string): string {
  const release = label.exec(text)?.[1];
  if (release !== undefined) return release;
  throw new Error(`the EMR release label "${text}" is incomplete; write one such as emr-7.1.0`);
}

/** Whether a release is newer than every known one of its major version, or that version is newer than all known ones. */
export function isNewerThanKnown(release: string): boolean {
  const newest = newestKnown.find((known) => major(known) >= major(release));
  return newest === undefined || (major(newest) === major(release) && isOlder(newest, release));
}

/**
 * The release that would be needed, if a release is too old for something.
 * @param floors the first releases that have it, for each major version in which some lack it, oldest first
 */
export function missedFloor(release: string, floors: readonly string[]): string | undefined {
  const floor = floors.find((candidate) => major(candidate) >= major(release));
  return floor !== undefined && isOlder(release, floor) ? floor : undefined;
}

/** Whether a release came before another. */
export function isOlder(release: string, other: string): boolean {
  return ordinal(release) < ordinal(other);
}

/** No part of a release reaches 1,000. */
function ordinal(release: string): number {
  return release.split(".").reduce((sum, part) => sum * 1000 + Number(part), 0);
}

export function major(release: string): number {
  return Number.parseInt(release, 10);
}
