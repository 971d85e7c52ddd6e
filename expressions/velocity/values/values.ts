/**
 * Java's values, as templates see them. A `number` is an Integer; a `bigint` is a Long, or a BigInteger beyond 64 bits.
 */
export type Value = null | boolean | string | number | bigint | Double | Collection | Map<Value, Value> | Bean;

/** A Java Double. */
export class Double {
  constructor(readonly value: number) {}

  toString(): string {
    const { value } = this;
    if (!Number.isFinite(value)) return Number.isNaN(value) ? "NaN" : value > 0 ? "Infinity" : "-Infinity";
    const size = Math.abs(value);
    if (size === 0) return Object.is(value, -0) ? "-0.0" : "0.0";
    if (size >= 1e-3 && size < 1e7) return Number.isInteger(value) ? `${value}.0` : String(value);
    const [digits = "", exponent = ""] = value.toExponential().split("e");
    return `${digits.includes(".") ? digits : `${digits}.0`}E${exponent.replace("+", "")}`;
  }
}

/** A Java collection: a List, or what a map's `keySet()` and its like give. */
export type Collection = Value[];

/** What `keySet()`, `values()` and `entrySet()` give: a collection without indexes. */
export class View extends Array<Value> {}

/** An object of the host: `$input`, `$util`, `$foreach`. */
export interface Bean {
  readonly isBean: true;
  /** What `$bean.name` is. Undefined if it is not there. */
  property?(name: string): Value | undefined;
  /** What `$bean.name(…)` gives. Undefined if there is no such method for these arguments. */
  call?(name: string, given: Value[]): Value | undefined;
  /** Takes `#set($bean.name = …)`. */
  put?(name: string, value: Value): void;
  toString(): string | null;
}

export function isBean(value: Value): value is Bean {
  return typeof value === "object" && value !== null && "isBean" in value;
}

export function isNumber(value: Value): value is number | bigint | Double {
  return typeof value === "number" || typeof value === "bigint" || value instanceof Double;
}

/** Counts the way through values that contain others, which may contain themselves or each other many times over. */
export class Walk {
  private left = 1_000_000;

  /** @throws RangeError when there are too many */
  step(count = 1): void {
    this.left -= count;
    if (this.left < 0) throw new RangeError("the value contains too many others");
  }
}

/** As `String.valueOf` gives it. */
export function textOf(value: Value, walk = new Walk()): string {
  if (typeof value === "string") return value;
  if (value instanceof Map && value.toString === Object.prototype.toString) {
    const entries = [...value].map(([key, one]) => `${within(key, value, walk)}=${within(one, value, walk)}`);
    return `{${entries.join(", ")}}`;
  }
  if (Array.isArray(value) && value.toString === Array.prototype.toString) {
    return `[${value.map((one) => within(one, value, walk)).join(", ")}]`;
  }
  return String(value);
}

function within(value: Value, container: Value, walk: Walk): string {
  walk.step();
  if (value === container) return container instanceof Map ? "(this Map)" : "(this Collection)";
  return textOf(value, walk);
}

/** As Java's `equals`. */
export function isEqual(one: Value, other: Value, walk = new Walk()): boolean {
  walk.step();
  if (one === other) return true;
  if (one instanceof Double && other instanceof Double) return Object.is(one.value, other.value);
  if (Array.isArray(one) && Array.isArray(other)) {
    return one.length === other.length && one.every((value, index) => isEqual(value, other[index] ?? null, walk));
  }
  if (one instanceof Map && other instanceof Map) {
    return one.size === other.size && [...one].every(([key, value]) => isEqual(value, other.get(key) ?? null, walk));
  }
  return false;
}
