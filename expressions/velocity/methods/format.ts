import { MethodFailure } from "../failures";
import { Double, isNumber, textOf, type Value } from "../values/values";

const SPECIFIER = /%(?:(\d+)\$)?([-0+, #(]*)(\d+)?(?:\.(\d+))?([a-zA-Z%])/g;

/** `String.format` with the conversions s, d, f, x, c, b, n and %. */
export function format(pattern: string, given: Value[]): string {
  let next = 0;
  return pattern.replace(SPECIFIER, (whole, position, flags: string, width, precision, conversion: string) => {
    if (conversion === "n") return "\n";
    if (conversion === "%") return "%";
    const index = position === undefined ? next++ : Number(position) - 1;
    if (index >= given.length) throw new MethodFailure(`format(${JSON.stringify(pattern)}) has no value for ${whole}`);
    const shown = convert(
      given[index] ?? null,
      conversion,
      flags,
      precision === undefined ? undefined : Number(precision),
    );
    const wide = Number(width ?? 0);
    if (flags.includes("-")) return shown.padEnd(wide);
    if (!flags.includes("0") || !/^[-+\d]/.test(shown)) return shown.padStart(wide);
    const sign = /^[-+]?/.exec(shown)?.[0] ?? "";
    return sign + shown.slice(sign.length).padStart(wide - sign.length, "0");
  });
}

function convert(value: Value, conversion: string, flags: string, precision: number | undefined): string {
  const lower = conversion.toLowerCase();
  if (lower === "s") {
    const text = textOf(value).slice(0, precision);
    return conversion === "S" ? text.toUpperCase() : text;
  }
  if (lower === "b") return String(typeof value === "boolean" ? value : value !== null);
  if (value === null) return "null";
  if (lower === "c" && typeof value === "string") return value;
  const isWhole = typeof value === "number" || typeof value === "bigint";
  if (lower === "d" && isWhole) return signed(String(value), flags);
  if (lower === "x" && isWhole) {
    const digits = BigInt.asUintN(typeof value === "number" ? 32 : 64, BigInt(value)).toString(16);
    return conversion === "X" ? digits.toUpperCase() : digits;
  }
  if (lower === "f" && isNumber(value) && value instanceof Double)
    return signed(value.value.toFixed(precision ?? 6), flags);
  throw new MethodFailure(`format: %${conversion} does not take ${textOf(value)}`);
}

function signed(digits: string, flags: string): string {
  const grouped = flags.includes(",") ? digits.replace(/\B(?=(?:\d{3})+(?!\d))(?<!\.\d*)/g, ",") : digits;
  return flags.includes("+") && !digits.startsWith("-") ? `+${grouped}` : grouped;
}
