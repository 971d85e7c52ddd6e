import { architectureOf, isGraviton } from "./architecture";
import { emrFamilies } from "./data";
import { isNewerThanKnown, isOlder, major, missedFloor, newestKnown, parseRelease } from "./emrReleases";
import { type Equivalent, gravitonEquivalent } from "./equivalent";

/** The sizes of a Graviton family on EMR, and the releases that list them. */
interface Listed {
  sizes: string[];
  ranges: Range[];
}

interface Range {
  first: string;
  last: string;
}

/** @see Amazon EMR API, ListSupportedInstanceTypes */
const listed = new Map(
  emrFamilies.flatMap(([families, releases]) => {
    const ranges = releases.split(" ").map((range): Range => {
      const [first = "", last = first] = range.split("-");
      return { first, last };
    });
    return families.split(" ").map((entry): [family: string, listed: Listed] => {
      const [family = "", sizes = ""] = entry.split(":");
      return [family, { sizes: sizes.split(","), ranges }];
    });
  }),
);

/** The oldest Graviton family on EMR: a release without it has no arm64 at all. */
const oldest = "m6g";

/** Sizes that EMR does not have on Graviton. */
const small = /^(?:nano|micro|small|medium|large)$/;

/** Whether a release runs on a type and, if not, why and what to write instead. */
export type EmrSupport = { supported: true } | { supported: false; reason: string };

const no = (reason: string): EmrSupport => ({ supported: false, reason });

/**
 * Whether an EMR release runs on a Graviton type (`emr-7.1.0`, `m7g.xlarge`), as AWS lists it; EMR has Graviton from
 * `xlarge` up and no bare metal. AWS lists c8gn, r8gb and r8gn even for releases that came before arm64, such as
 * `emr-4.2.0`. A release newer than those known here passes with any family. A type that is not Graviton is not
 * supported, as only Graviton's are known here.
 * @throws Error if the label is incomplete, such as `7.1` or `emr-7.1`
 * @see Amazon EMR Management Guide, "Supported instance types with Amazon EMR"
 */
export function emrSupport(releaseLabel: string, type: string): EmrSupport {
  const release = parseRelease(releaseLabel);
  const [family = "", size] = type.split(".");
  if (!isGraviton(type)) return no(`${type} is ${architectureOf(type)}, not Graviton; write one such as m7g.xlarge`);
  const ignorance = unknownFamily(release, family);
  if (ignorance !== undefined) return no(ignorance);
  if (size === undefined) return no(`${type} has no size; write ${type}.xlarge`);
  if (small.test(size)) {
    return no(`${type} is too small for EMR; write ${family}.xlarge or larger`);
  }
  if (size.startsWith("metal")) return no(`EMR does not run on bare metal such as ${type}; write ${family}.16xlarge`);
  const { sizes = [] } = listed.get(family) ?? {};
  if (!isNewerThanKnown(release) && !sizes.includes(size)) {
    return no(`on EMR, ${family} has no such size; write ${sizes.slice(0, -1).join(", ")} or ${sizes.at(-1)}`);
  }
  return { supported: true };
}

/** The result of {@link emrSupport} without the reason. */
export function emrSupports(releaseLabel: string, type: string): boolean {
  return emrSupport(releaseLabel, type).supported;
}

/**
 * {@link gravitonEquivalent} for EMR: never below `xlarge`, and with the first releases that run on it as a caveat.
 * Undefined if no release known here does.
 */
export function emrEquivalent(type: string): Equivalent | undefined {
  const equivalent = gravitonEquivalent(type);
  const [family = "", size = ""] = equivalent?.type.split(".") ?? [];
  const onEmr = small.test(size) ? `${family}.xlarge` : `${family}.${size}`;
  if (equivalent === undefined || !isOnEmr(onEmr)) return undefined;
  const releases = releasesOf(family)?.map((release) => `emr-${release}`) ?? [];
  const caveats = [...equivalent.caveats, `needs ${releases.join(", ")} or later`];
  return { type: onEmr, caveats: onEmr === equivalent.type ? caveats : [...caveats, "EMR has no smaller size"] };
}

function isOnEmr(type: string): boolean {
  return newestKnown.some((release) => emrSupports(`emr-${release}`, type));
}

/** The first releases from which on a family is listed, in each major version in which some releases lack it. */
function releasesOf(family: string): string[] | undefined {
  const [own, arm64] = [family, oldest].map((name) => listed.get(name));
  if (own === undefined || arm64 === undefined) return undefined;
  return newestKnown.flatMap((newest) => {
    const floors = [own, arm64].map(({ ranges }) => floorOf(ranges, newest));
    if (floors.includes(undefined)) return [];
    const [one = "", other = ""] = floors;
    const floor = isOlder(one, other) ? other : one;
    return floor === `${major(newest)}.0.0` ? [] : [floor];
  });
}

/** The first release of a major version from which on all are in the ranges, if the newest one is. */
function floorOf(ranges: Range[], newest: string): string | undefined {
  const range = ranges.find((one) => isWithin(newest, one));
  if (range === undefined) return undefined;
  return major(range.first) < major(newest) ? `${major(newest)}.0.0` : range.first;
}

function isWithin(release: string, { first, last }: Range): boolean {
  return !isOlder(release, first) && !isOlder(last, release);
}

function unknownFamily(release: string, family: string): string | undefined {
  if (isNewerThanKnown(release)) return undefined;
  const known = listed.get(family);
  if (known === undefined) return `no EMR release known here runs on ${family}; write a type such as m7g.xlarge`;
  if (known.ranges.some((range) => isWithin(release, range))) return undefined;
  const floor = missedFloor(release, releasesOf(family) ?? []);
  const instead = floor === undefined ? "write" : `write emr-${floor} or later, or`;
  return `emr-${release} does not support ${family}; ${instead} an older family`;
}
