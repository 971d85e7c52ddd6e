import type { JsonWebKey } from "node:crypto";

/**
 * The keys that this machine's own issuer signs with. Apart from keySets.ts: what packages declare of the gateway cannot
 * name the types of an ES module.
 */
export interface LocalKeys {
  keySet(): Promise<{ keys: JsonWebKey[] }>;
}
