/** Addresses from the first to the last, each as hexadecimal digits: 8 for IPv4, 32 for IPv6. */
export interface AddressRange {
  first: string;
  last: string;
}

/**
 * The hexadecimal digits of an IP address, or undefined if the text is not one. An IPv4 address that is written as IPv6
 * (`::ffff:a00:1`) is an IPv4 address.
 */
export function addressOf(text: string): string | undefined {
  if (!text.includes(":")) return digitsOfV4(text);
  const digits = digitsOfV6(text);
  return digits && /^0{20}FFFF/.test(digits) ? digits.slice(24) : digits;
}

/**
 * The addresses of a CIDR block.
 * @throws Error with AWS's message
 */
export function readCidr(block: string): AddressRange {
  const [address = "", mask = "", ...rest] = block.replace(/\/+$/, "").split("/");
  if (!block.includes("/") || mask === "" || rest.length > 0) throw new Error("Malformed CIDR, one '/' required");
  if (!/^[+-]?\d+$/.test(mask) || Number(mask) > 0x7fffffff)
    throw new Error("Malformed CIDR, mask bits must be an integer");
  const bits = Number(mask);
  if (bits < 0) throw new Error("Malformed CIDR, mask bits must not be negative");
  const digits = addressOf(address);
  if (digits === undefined) {
    const isLike = /^(\d+\.\d+\.\d+\.\d+|[0-9a-f:]*:[0-9a-f:]*)$/i.test(address);
    throw new Error(`${isLike ? "Invalid" : "Nonstandard"} IP address: ${address}`);
  }
  const length = digits.length * 4;
  if (bits >= length) throw new Error(length === 32 ? "IPv4 mask bits must be < 32" : "IPv6 mask bits must be < 128");
  const host = (1n << BigInt(length - bits)) - 1n;
  const value = BigInt(`0x${digits}`);
  const write = (number: bigint) => number.toString(16).toUpperCase().padStart(digits.length, "0");
  return { first: write(value & ~host), last: write(value | host) };
}

/**
 * Whether a range has an address. AWS compares digit by digit until the outcome is certain, so that the first digits of
 * an IPv6 address may lie in a range of IPv4, and the other way round.
 */
export function isWithin({ first, last }: AddressRange, digits: string): boolean {
  if (digits.length < first.length)
    return first.slice(0, digits.length) < digits && digits < last.slice(0, digits.length);
  const start = digits.slice(0, first.length);
  return first <= start && start <= last;
}

function digitsOfV4(text: string): string | undefined {
  const parts = text.split(".");
  if (parts.length !== 4 || !parts.every((part) => /^\d+$/.test(part) && Number(part) < 256)) return undefined;
  return parts.map((part) => hexadecimal(Number(part), 2)).join("");
}

function digitsOfV6(text: string): string | undefined {
  const halves = text.split("::").map((half) => (half === "" ? [] : half.split(":")));
  const groups = halves.flat();
  if (halves.length > 2 || !groups.every((group) => /^[0-9a-f]+$/i.test(group) && Number.parseInt(group, 16) <= 0xffff))
    return undefined;
  const missing = 8 - groups.length;
  if (halves.length === 2 ? missing < 1 : missing !== 0) return undefined;
  const [before = [], after = []] = halves;
  const all = [...before, ...Array<string>(halves.length === 2 ? missing : 0).fill("0"), ...after];
  return all.map((group) => hexadecimal(Number.parseInt(group, 16), 4)).join("");
}

function hexadecimal(value: number, digits: number): string {
  return value.toString(16).toUpperCase().padStart(digits, "0");
}
