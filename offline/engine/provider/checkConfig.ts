import { nearest } from "../nearest";
import { bodyOf, InstalledPackages, members } from "./packages";

/** A mistake in one key of a provider's configuration. */
export interface CheckFailure {
  property: string;
  reason: string;
  /** True when the real provider is certain to refuse it. */
  refused: boolean;
}

/** Keys of a provider's configuration that the engine uses itself. */
const ofEngine = ["version", "pluginDownloadURL"];

/**
 * Checks the AWS provider's configuration as the provider itself would: the names of keys, and the region. Checks nothing
 * if @pulumi/aws is not installed for the program.
 * @param directory The program's folder
 */
export function checkAwsConfig(config: Record<string, unknown>, directory: string): CheckFailure[] {
  const packages = new InstalledPackages(directory);
  const args = bodyOf(packages.read("aws", "provider") ?? "", "export interface ProviderArgs {");
  const names = members(args ?? "").map(({ name }) => name);
  const unknown = Object.keys(config).filter((name) => names.length > 0 && ![...names, ...ofEngine].includes(name));
  const failures = unknown.map((property): CheckFailure => {
    const meant = nearest(property, names);
    const reason = `is not a key of the AWS provider${meant ? `: did you mean "aws:${meant}"?` : ""}`;
    return { property, reason, refused: meant !== undefined };
  });
  const { region, skipRegionValidation } = config;
  if (typeof region !== "string" || !region || String(skipRegionValidation) === "true") return failures;
  const regions = regionsOf(packages);
  if (regions.length === 0 || regions.includes(region)) return failures;
  const reason = `is "${region}", which is not an AWS region: did you mean "${nearest(region, regions) ?? "us-east-1"}"?`;
  return [...failures, { property: "region", reason, refused: true }];
}

function regionsOf(packages: InstalledPackages): string[] {
  const body = bodyOf(packages.read("aws", "types/enums/index") ?? "", "export declare const Region:");
  return [...(body ?? "").matchAll(/: "([a-z0-9-]+)";/g)].map(([, region = ""]) => region);
}
