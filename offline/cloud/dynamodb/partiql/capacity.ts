/** A ConsumedCapacity, or what it says of a table or an index. */
export type Capacity = { [member: string]: number | string | Capacity | undefined };

/** What two operations consumed together. */
export function addCapacity(one: Capacity | undefined, other: Capacity | undefined): Capacity | undefined {
  if (!one || !other) return one ?? other;
  const sum = { ...one };
  for (const [member, value] of Object.entries(other)) {
    const known = one[member];
    if (typeof value === "number") sum[member] = Number(known ?? 0) + value;
    else if (typeof value === "object") sum[member] = addCapacity(known as Capacity | undefined, value);
    else sum[member] = value;
  }
  return sum;
}
