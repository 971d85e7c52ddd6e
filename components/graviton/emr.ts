import { architectureOf, isGraviton } from "./architecture";
import { isNewerThanKnown, missedFloor, newestKnown, parseRelease } from "./emrReleases";
import { type Equivalent, gravitonEquivalent } from "./equivalent";

/**
 * The first release that runs on some families, in each major version, oldest first. Derived from the responses of
 * ListSupportedInstanceTypes. They also list c8gn, r8gb and r8gn in releases older than EMR's support for arm64; for
 * these three the floor is that of c8gn where its list has no gaps.
 * @see Amazon EMR API, ListSupportedInstanceTypes
 */
const floors = [
  { families: ["m6g"], releases: ["5.30.0", "6.1.0", "7.0.0"] },
  { families: ["c6g", "r6g"], releases: ["5.31.0", "6.1.0", "7.0.0"] },
  { families: ["m6gd", "c6gd", "r6gd", "c6gn"], releases: ["5.33.0", "6.3.0", "7.0.0"] },
  { families: ["im4gn", "is4gen"], releases: ["5.35.0", "6.6.0", "7.0.0"] },
  { families: ["c7g"], releases: ["5.36.1", "6.7.0", "7.0.0"] },
  { families: ["m7g", "r7g", "m7gd", "c7gd", "r7gd", "c7gn"], releases: ["5.36.1", "6.10.0", "7.0.0"] },
  { families: ["m8g", "c8g", "r8g", "i4g", "i8g", "x2gd", "x8g"], releases: ["5.36.1", "6.10.0", "7.0.0"] },
  { families: ["m8gd", "c8gd", "r8gd"], releases: ["5.36.2", "6.15.0", "7.1.0"] },
  { families: ["c8gn", "r8gn", "r8gb"], releases: ["6.15.0", "7.9.0"] },
];

/** Sizes that EMR does not have on Graviton. */
const small = /^(?:nano|micro|small|medium|large)$/;

/** Whether a release runs on a type and, if not, why and what to write instead. */
export type EmrSupport = { supported: true } | { supported: false; reason: string };

const no = (reason: string): EmrSupport => ({ supported: false, reason });

/**
 * Whether an EMR release runs on a Graviton type (`emr-7.1.0`, `m7g.xlarge`): the release must support the family, and
 * EMR has Graviton from `xlarge` up and no bare metal. A release newer than those known here passes with any family. A
 * type that is not Graviton is not supported, as the floors are for Graviton only.
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
  if (equivalent === undefined || !emrSupports(`emr-${newestKnown[0]}`, onEmr)) return undefined;
  const releases = releasesOf(family)?.map((release) => `emr-${release}`) ?? [];
  const caveats = [...equivalent.caveats, `needs ${releases.join(", ")} or later`];
  return { type: onEmr, caveats: onEmr === equivalent.type ? caveats : [...caveats, "EMR has no smaller size"] };
}

function releasesOf(family: string): string[] | undefined {
  return floors.find(({ families }) => families.includes(family))?.releases;
}

function unknownFamily(release: string, family: string): string | undefined {
  if (isNewerThanKnown(release)) return undefined;
  const releases = releasesOf(family);
  if (releases === undefined) return `no EMR release known here runs on ${family}; write a type such as m7g.xlarge`;
  const floor = missedFloor(release, releases);
  return floor && `emr-${release} does not support ${family}; write emr-${floor} or later, or an older family`;
}
