import { inspect } from "node:util";
import * as pulumi from "@pulumi/pulumi";
import { checkShape, isPlain } from "./schema/check";
import { show } from "./schema/describe";
import { below, type Mistake, Mistakes } from "./validation";

/** The part of a component's kind that concerns its arguments. */
export interface Kind<Args> {
  /** The class's name: written out because it is part of the token in Pulumi's state and must survive a bundler. */
  type: string;
  /** Adds the mistakes in arguments of the right shape. @default there are none */
  rules?: (mistakes: Mistakes, args: Args, name: string) => void;
}

/**
 * Checks a component's name and arguments: their shape against the schema, and their combination against the kind's
 * rules.
 * @param component its frames are left out of the error's stack, which then starts at the caller's line
 * @returns the arguments, without optional properties that are null
 * @throws pulumi.InputPropertiesError with every mistake in its message, one per line
 * @internal
 */
export function checkArguments<Args>(
  { type, rules }: Kind<Args>,
  name: unknown,
  args: unknown,
  component: abstract new (...args: never[]) => object,
): Args {
  const mistakes = new Mistakes();
  const isNamed = typeof name === "string" && name !== "";
  if (!isNamed) mistakes.add("name", `is ${name === "" ? "empty" : show(name)}; write a name for the component`);
  const { args: known, doubtful } = checkShape(`${type}Args`, args ?? {}, mistakes);
  const own = new Mistakes();
  rules?.(own, known as Args, isNamed ? name : "");
  const unclear = isNamed ? doubtful : [...doubtful, "name"];
  const isUnclear = (path: string) => unclear.some((other) => touches(path, other));
  const certain = own.found.filter(({ path, sources }) => ![path, ...sources].some(isUnclear));
  const found = [...mistakes.found, ...certain];
  if (found.length === 0) return known as Args;
  const order = new Map(["name", ...pathsOf(args)].map((path, index) => [path, index]));
  const place = ({ path }: Mistake) => order.get(path) ?? order.size;
  found.sort((one, other) => place(one) - place(other));
  const errors = found.map(({ path, reason }) => ({ propertyPath: path, reason: `${path}: ${reason}` }));
  const lines = errors.map(({ reason }) => `\n  - ${reason}`);
  const title = isNamed ? `${type} "${name}"` : type;
  const count = found.length === 1 ? "a mistake" : `${found.length} mistakes`;
  const error = new pulumi.InputPropertiesError({ message: `${title} has ${count}:${lines.join("")}`, errors });
  Error.captureStackTrace(error, component);
  hideDetails(error);
  throw error;
}

/** The Pulumi CLI prints a whole error: frames outside of the program, and properties that repeat the message, bury it. */
function hideDetails(error: Error): void {
  const lines = (error.stack ?? error.message).split("\n");
  error.stack = lines.filter((line) => !/^\s+at .*(?:node:|[\\/]node_modules[\\/])/.test(line)).join("\n");
  Object.defineProperty(error, inspect.custom, { value: () => error.stack });
}

/** Whether two paths are the same, or one leads to the other. */
function touches(one: string, other: string): boolean {
  const [short, long] = one.length < other.length ? [one, other] : [other, one];
  return long.startsWith(short) && (short === "" || /^(?:$|[.[])/.test(long.slice(short.length)));
}

/** Every path in the arguments, in reading order. */
function pathsOf(value: unknown, path = ""): string[] {
  if (!isPlain(value) && !Array.isArray(value)) return [path];
  const parts = Object.entries(value).flatMap(([key, part]) =>
    pathsOf(part, Array.isArray(value) ? `${path}[${key}]` : below(path, key)),
  );
  return [path, ...parts];
}
