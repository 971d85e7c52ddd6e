/** A mistake in a component's arguments. */
export interface Mistake {
  /** The property's path, such as `routes["GET /items"].auth`. */
  path: string;
  /** What is wrong, and what to write instead. */
  reason: string;
  /** Other properties that may have caused it. */
  sources: string[];
}

/** The mistakes in a component's arguments: found one by one, thrown together before anything is registered. */
export class Mistakes {
  constructor(
    readonly found: Mistake[] = [],
    private readonly sources: string[] = [],
  ) {}

  /** The same list for mistakes that also depend on other properties: they are dropped if one of those is wrong. */
  from(...paths: string[]): Mistakes {
    return new Mistakes(this.found, [...this.sources, ...paths]);
  }

  add(path: string, reason: string): void {
    this.found.push({ path, reason, sources: this.sources });
  }

  /** Adds the mistake unless the condition holds. */
  check(holds: boolean, path: string, reason: string): void {
    if (!holds) this.add(path, reason);
  }

  /** Checks a whole number against bounds that depend on other properties. */
  range(value: number | undefined, path: string, least: number, most: number, unit = ""): void {
    if (value === undefined) return;
    const holds = Number.isInteger(value) && value >= least && value <= most;
    this.check(holds, path, `is ${value}; write a whole number from ${least} to ${most}${unit && ` ${unit}`}`);
  }

  /**
   * Checks that the physical name that Pulumi derives from a resource's name fits: Pulumi adds a hyphen and seven
   * characters, and a name that is too long should be an error here rather than be truncated or fail halfway through an
   * update.
   */
  autoName(name: string, path: string, most: number): void {
    const suffix = autoNameSuffix.length;
    const limit = most - suffix;
    this.check(
      name.length <= limit,
      path,
      `"${name}" has ${name.length} characters; write at most ${limit}, as AWS allows ${most} and Pulumi adds ${suffix}`,
    );
  }

  /**
   * Checks that the physical names derived from a component's name fit, and contain only characters that AWS allows.
   */
  componentName(name: string, most: number, pattern: RegExp, allowed: string): void {
    this.autoName(name, "name", most);
    this.check(pattern.test(name), "name", `"${name}" has characters that AWS refuses here; write ${allowed} only`);
  }
}

/** What Pulumi adds to a resource's name to form the physical name. */
export const autoNameSuffix = "-1234567";

/** `a`, `a or b`, `a, b or c` */
export function listOf(words: string[], conjunction = "or"): string {
  return words.length < 2 ? words.join("") : `${words.slice(0, -1).join(", ")} ${conjunction} ${words.at(-1)}`;
}

/** The path of a property below another's. */
export function below(path: string, key: string): string {
  if (!/^[\w$-]+$/.test(key)) return `${path}[${JSON.stringify(key)}]`;
  return path === "" ? key : `${path}.${key}`;
}
