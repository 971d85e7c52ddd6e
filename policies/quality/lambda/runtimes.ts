import { lastDays } from "./lastDays";

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
