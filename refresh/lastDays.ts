import { enumOf, packages, readJson, sources } from "./packages";

/** Runtimes that cfn-lint does not list yet, with the day on Lambda's page "Lambda runtimes" in August 2026. */
const documented: Record<string, string> = {
  "java8.al2023": "2029-06-30",
  "java11.al2023": "2029-06-30",
  "java17.al2023": "2029-06-30",
};

/** The module with the last days of Lambda's runtimes that are still supported on the day of the data. */
export function lastDaysModule(folder: string): string {
  const lifecycle = "cfnlint/data/AdditionalSpecs/LmbdRuntimeLifecycle.json";
  const runtimes = readJson<Record<string, { deprecated: string }>>(folder, lifecycle);
  const days = enumOf(folder, "lambda", "Runtime").flatMap((name): [string, string][] => {
    const day = runtimes[name]?.deprecated ?? documented[name];
    return day !== undefined && day >= packages.botocore.published ? [[name, day]] : [];
  });
  return `// Written by \`npm run refresh\` from ${sources("botocore", "cfn-lint")}.

/**
 * The last day on which AWS supports each runtime. Unsupported runtimes are not listed, because their list would only
 * grow; neither are those whose last day AWS has not published.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtimes.html
 */
export const lastDays: Record<string, string> = {
${days.map(([name, day]) => `  "${name}": "${day}",\n`).join("")}};
`;
}
