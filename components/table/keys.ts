import type { GlobalIndexArgs, KeyArgs } from "./args";

type Attribute = [path: string, key: KeyArgs];

/** The attributes of an index's key in their order, with their paths in the index's arguments. */
export function keyOf(index: GlobalIndexArgs): { hash: Attribute[]; range: Attribute[] } {
  return {
    hash: listed("hashKey", index.hashKey, index.hashKeys),
    range: listed("rangeKey", index.rangeKey, index.rangeKeys),
  };
}

function listed(name: string, one: KeyArgs | undefined, several: KeyArgs[] = []): Attribute[] {
  const own: Attribute[] = one ? [[name, one]] : [];
  return [...own, ...several.map((key, index): Attribute => [`${name}s[${index}]`, key])];
}
