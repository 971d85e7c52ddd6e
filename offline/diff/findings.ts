import type { Graph, PolicyPackResult } from "../engine/graph";

/** What the packs report that they did not report about the base. Packs that did not check the base are left out. */
export function newFindings(before: Graph, after: Graph): PolicyPackResult[] {
  return after.policyPacks.flatMap((pack) => {
    const base = before.policyPacks.find(({ name }) => name === pack.name);
    if (!base) return [];
    return [
      {
        ...pack,
        violations: without(pack.violations, base.violations),
        remediations: without(pack.remediations, base.remediations),
        failures: without(pack.failures, base.failures),
      },
    ];
  });
}

function without<T>(findings: T[], known: T[]): T[] {
  const texts = new Set(known.map((finding) => JSON.stringify(finding)));
  return findings.filter((finding) => !texts.has(JSON.stringify(finding)));
}
