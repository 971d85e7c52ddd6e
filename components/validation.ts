import * as pulumi from "@pulumi/pulumi";

/** The mistakes in a component's arguments: found one by one, thrown together before anything is registered. */
export class Mistakes {
  readonly #found: pulumi.InputPropertyErrorDetails[] = [];

  /** @param path the property's path, such as `routes["GET /items"].auth` */
  add(path: string, reason: string): void {
    this.#found.push({ propertyPath: path, reason: `${path}: ${reason}` });
  }

  /** Adds the mistake unless the condition holds. */
  check(holds: boolean, path: string, reason: string): void {
    if (!holds) this.add(path, reason);
  }

  /** Checks a number that is known now; an Output is left to AWS, which knows its value later. */
  range(value: unknown, path: string, least: number, most: number, unit = ""): void {
    if (typeof value !== "number") return;
    const holds = Number.isInteger(value) && value >= least && value <= most;
    this.check(holds, path, `is ${value}; write a whole number from ${least} to ${most}${unit && ` ${unit}`}`);
  }

  /** Checks a value against an enum: TypeScript has done so already, the other languages and casts have not. */
  oneOf(value: unknown, path: string, choices: Record<string, string>): void {
    if (typeof value !== "string") return;
    const known = Object.values(choices);
    this.check(known.includes(value), path, `is "${value}"; write ${listOf(known.map((choice) => `"${choice}"`))}`);
  }

  /** Checks a key that is known now: services take other names of it too, but IAM allows the use of a key's ARN only. */
  keyArn(value: unknown, path: string): void {
    if (typeof value !== "string") return;
    const valid = /^arn:[\w-]+:kms:[\w-]+:\d{12}:key\/[\w-]+$/.test(value);
    const instead = "write a key's whole ARN, arn:aws:kms:REGION:ACCOUNT:key/ID, neither an id nor an alias";
    this.check(valid, path, `is "${value}"; ${instead}`);
  }

  /**
   * Checks that a physical name that Pulumi makes of a resource's fits: it adds a hyphen and seven characters, and a
   * name that is too long should be an error here rather than be cut short or fail halfway through an update.
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

  /** Checks that the physical names derived from a component's name fit, and have characters that AWS takes. */
  componentName(name: string, most: number, pattern: RegExp, allowed: string): void {
    this.autoName(name, "name", most);
    this.check(pattern.test(name), "name", `"${name}" has characters that AWS refuses here; write ${allowed} only`);
  }

  /** @throws pulumi.InputPropertiesError with every mistake in its message, one a line */
  throwIfAny(type: string, name: string, component: Constructor): void {
    if (this.#found.length === 0) return;
    const lines = this.#found.map(({ reason }) => `\n  - ${reason}`);
    const message = `${type} "${name}" has ${lines.length === 1 ? "a mistake" : `${lines.length} mistakes`}:${lines.join("")}`;
    const error = new pulumi.InputPropertiesError({ message, errors: this.#found });
    Error.captureStackTrace(error, component);
    throw error;
  }
}

type Constructor = abstract new (...args: never[]) => object;

/** A kind of component, as far as its arguments are concerned. */
export interface Kind<Args> {
  /** The class's name: written out, as it is part of the token in Pulumi's state and must survive a bundler. */
  type: string;
  /** Adds what is wrong with the arguments. @default nothing can be */
  rules?: (mistakes: Mistakes, args: Args, name: string) => void;
}

/**
 * @param component its frames are left out of the error's stack, which then starts at the caller's line
 * @throws pulumi.InputPropertiesError with every mistake in a component's arguments
 */
export function checkArguments<Args>(kind: Kind<Args>, name: string, args: Args, component: Constructor): void {
  const mistakes = new Mistakes();
  kind.rules?.(mistakes, args, name);
  mistakes.throwIfAny(kind.type, name, component);
}

/** What Pulumi adds to a resource's name to make a physical one. */
export const autoNameSuffix = "-1234567";

/** `a`, `a or b`, `a, b or c` */
export function listOf(words: string[]): string {
  return words.length < 2 ? words.join("") : `${words.slice(0, -1).join(", ")} or ${words.at(-1)}`;
}
