/**
 * The last day on which AWS supports each runtime, for those supported in August 2026. Unsupported runtimes are not
 * listed, because their list would only grow; a runtime newer than all listed ones of its family is assumed to be
 * supported.
 * Source: https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtimes.html
 */
const lastDays: Record<string, string> = {
  "nodejs22.x": "2027-04-30",
  "nodejs24.x": "2028-04-30",
  "python3.11": "2027-06-30",
  "python3.12": "2028-10-31",
  "python3.13": "2029-06-30",
  "python3.14": "2029-06-30",
  "java8.al2": "2027-06-30",
  "java8.al2023": "2029-06-30",
  java11: "2027-06-30",
  "java11.al2023": "2029-06-30",
  java17: "2027-06-30",
  "java17.al2023": "2029-06-30",
  java21: "2029-06-30",
  java25: "2029-06-30",
  dotnet10: "2028-11-14",
  "ruby3.3": "2027-03-31",
  "ruby3.4": "2028-03-31",
  "ruby4.0": "2029-03-31",
  "provided.al2023": "2029-06-30",
};

const millisecondsPerDay = 24 * 60 * 60 * 1000;

/**
 * What is wrong with a runtime on a day, as the end of a sentence, or undefined if nothing is.
 * @param minimumDays the number of days for which AWS must still support it
 */
export function runtimeProblem(runtime: string, today: Date, minimumDays: number): string | undefined {
  const lastDay = lastDays[runtime];
  const newest = newestLike(runtime);
  const instead = newest ? `write ${newest}` : "write a supported runtime, or provided.al2023";
  if (lastDay === undefined) {
    if (newest && isNewer(runtime, newest)) return undefined;
    return `which AWS Lambda does not support, or no longer supports: ${instead}`;
  }
  const days = Math.ceil((Date.parse(lastDay) - today.getTime()) / millisecondsPerDay) + 1;
  if (days <= 0) return `which AWS Lambda has not supported since ${lastDay}: ${instead}`;
  return days < minimumDays ? `which AWS Lambda supports only until ${lastDay}: ${instead}` : undefined;
}

function newestLike(runtime: string): string | undefined {
  const family = Object.keys(lastDays).filter((other) => familyOf(other) === familyOf(runtime));
  return family.sort((one, other) => (isNewer(one, other) ? -1 : 1))[0];
}

function familyOf(runtime: string): string | undefined {
  return /^[a-z]+/.exec(runtime)?.[0];
}

function isNewer(runtime: string, other: string): boolean {
  const [numbers, others] = [numbersOf(runtime), numbersOf(other)];
  const index = numbers.findIndex((number, at) => number !== others[at]);
  return index >= 0 && (numbers[index] ?? 0) > (others[index] ?? 0);
}

function numbersOf(runtime: string): number[] {
  return (runtime.match(/\d+/g) ?? []).map(Number);
}
