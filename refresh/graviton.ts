import { emrFamilies, emrReleases, familiesIn, gravitonSizes, irregularVcpus } from "./machines";
import { sources } from "./packages";

/** The module with what the library knows of EC2's and EMR's machines. */
export function gravitonModule(folder: string): string {
  const families = familiesIn(folder);
  const releases = emrReleases(folder);
  const newest = new Map(releases.map((release) => [numbers(release).split(".")[0], numbers(release)]));
  const listed = emrFamilies(folder).map((group) => [group.families, ranges(group.releases, releases)]);
  return `// Written by \`npm run refresh\` from ${sources("moto", "botocore")}: answers of EC2's
// DescribeInstanceTypes and EMR's ListSupportedInstanceTypes, and EC2's model.

/** The sizes of Graviton families on EC2, smallest first, bare metal last, as [families, sizes]. */
export const ec2Sizes: readonly (readonly [families: string, sizes: string])[] = ${rows(gravitonSizes(folder, families))};

/** The types whose vCPUs the size does not tell, as type:vCPUs. */
export const irregularVcpus = ${JSON.stringify(
    irregularVcpus(families)
      .map((pair) => pair.join(":"))
      .join(" "),
  )};

/** EMR's newest release in each major version; \`emr-spark-\` releases are the major version 8. */
export const newestReleases = ${JSON.stringify([...newest.values()].join(" "))};

/** The Graviton families on EMR, as [family:sizes, the releases that list them]. */
export const emrFamilies: readonly (readonly [families: string, releases: string])[] = ${rows(listed)};
`;
}

/** Releases as ranges of all: \`5.30.0-5.36.2 6.1.0\`. */
function ranges(releases: string[], all: string[]): string {
  const found: [first: string, last: string][] = [];
  for (const release of releases) {
    const range = found.at(-1);
    if (range && all.indexOf(range[1]) + 1 === all.indexOf(release)) range[1] = release;
    else found.push([release, release]);
  }
  return found.map(([first, last]) => [...new Set([numbers(first), numbers(last)])].join("-")).join(" ");
}

function numbers(release: string): string {
  return release.replace("spark-", "");
}

function rows(values: unknown[]): string {
  return `[\n${values.map((value) => `  ${JSON.stringify(value)},\n`).join("")}]`;
}
