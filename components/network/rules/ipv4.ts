import { isIPv4 } from "node:net";

/** A range of IPv4 addresses: its first one, and how many of an address's 32 bits all of them share. */
export interface Ipv4Range {
  first: string;
  prefix: number;
}

/** The range that contains a text such as 10.0.5.0/16, here 10.0.0.0/16; undefined if the text is not a range. */
export function ipv4Range(text: string): Ipv4Range | undefined {
  const [, address = "", digits] = /^([\d.]+)\/(\d{1,2})$/.exec(text) ?? [];
  const prefix = Number(digits);
  if (!isIPv4(address) || prefix > 32) return undefined;
  const octets = address.split(".").map((octet, index) => {
    const shared = Math.min(Math.max(prefix - 8 * index, 0), 8);
    return Number(octet) & (0xff << (8 - shared));
  });
  return { first: octets.join("."), prefix };
}
