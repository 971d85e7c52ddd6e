import { BlockList, isIP } from "node:net";

/** Whether an address is in a network, such as `10.0.0.0/8`, or is the network if that has no length. */
export function isInNetwork(given: string, network: string): boolean {
  const [start = "", prefix] = network.split("/");
  const address = given.replace(/^::ffff:(?=\d+\.)/i, "");
  const family = isIP(start);
  if (family === 0 || isIP(address) !== family) return false;
  const type = family === 6 ? "ipv6" : "ipv4";
  const most = family === 6 ? 128 : 32;
  const length = prefix === undefined ? most : Number(prefix);
  if (!(length >= 0 && length <= most)) return false;
  const list = new BlockList();
  list.addSubnet(start, length, type);
  return list.check(address, type);
}
