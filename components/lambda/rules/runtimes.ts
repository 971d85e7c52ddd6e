/** The first version of each language with which Lambda offers something. */
const firstVersions = {
  /** @see https://docs.aws.amazon.com/lambda/latest/dg/durable-supported-runtimes.html */
  durable: { nodejs: [22], python: [3, 13], java: [17] },
  /** @see https://docs.aws.amazon.com/lambda/latest/dg/lambda-managed-instances-runtimes.html */
  instances: { nodejs: [22], python: [3, 13], java: [21], dotnet: [8], "provided.al": [2023] },
} satisfies Record<string, Record<string, number[]>>;

/** Languages and custom runtimes whose support is known; whatever else there is by now is left to AWS. */
const languages = ["nodejs", "python", "java", "dotnet", "dotnetcore", "ruby", "go", "provided", "provided.al"];

/** The oldest runtimes with which Lambda offers something, if it is not offered with the given one. */
export function runtimesInstead(runtime: string, feature: keyof typeof firstVersions): string[] | undefined {
  const [, language = "", numbers = ""] = /^(provided\.al|[a-z]+)([\d.]*)/.exec(runtime) ?? [];
  const first: Record<string, number[]> = firstVersions[feature];
  if (!languages.includes(language) || isFrom(numbers, first[language])) return undefined;
  return Object.entries(first).map(([name, version]) => `${name}${version.join(".")}${name === "nodejs" ? ".x" : ""}`);
}

function isFrom(numbers: string, first: number[] | undefined): boolean {
  if (!first) return false;
  const version = numbers.split(".").map(Number);
  const index = first.findIndex((number, at) => number !== version[at]);
  return index < 0 || (version[index] ?? 0) > (first[index] ?? 0);
}
