import type { Item } from "../../handlers/items/schema";
import type { Summary } from "../../handlers/jobs/summary";

/** The attributes of an item that the job reads. */
export type SummarisedItem = Pick<Item, "id" | "name" | "price" | "quantity" | "createdAt">;

/** What is known of the items read so far: plain data that can be stored and continued. */
export interface Totals {
  items: number;
  quantity: number;
  priced: number;
  sum: number;
  /** What rounding has lost from `sum`. */
  lost: number;
  minimum?: number;
  maximum?: number;
  newest?: Pick<Item, "id" | "name" | "createdAt">;
}

export function noTotals(): Totals {
  return { items: 0, quantity: 0, priced: 0, sum: 0, lost: 0 };
}

export function addItem(totals: Totals, item: SummarisedItem): void {
  totals.items += 1;
  totals.quantity += item.quantity ?? 0;
  if (item.price !== undefined) addPrice(totals, item.price);
  if (isNewer(item, totals.newest)) totals.newest = { id: item.id, name: item.name, createdAt: item.createdAt };
}

/** Neumaier's summation: a million prices of 0.1 make 100,000. */
function addPrice(totals: Totals, price: number): void {
  const sum = totals.sum + price;
  totals.lost += totals.sum >= price ? totals.sum - sum + price : price - sum + totals.sum;
  totals.sum = sum;
  totals.priced += 1;
  totals.minimum = Math.min(price, totals.minimum ?? price);
  totals.maximum = Math.max(price, totals.maximum ?? price);
}

/**
 * Among items created in the same millisecond, the greater id counts as newer, so that the order of reading does not
 * matter.
 */
function isNewer(item: SummarisedItem, other: Totals["newest"]): boolean {
  if (!other || item.createdAt !== other.createdAt) return !other || item.createdAt > other.createdAt;
  return item.id > other.id;
}

export function resultOf(totals: Totals): Pick<Summary, "items" | "quantity" | "prices" | "newest"> {
  const { items, quantity, priced: count, minimum, maximum, newest } = totals;
  const sum = withoutNoise(totals.sum + totals.lost);
  const average = count === 0 ? undefined : withoutNoise(sum / count);
  return { items, quantity, prices: { count, sum, minimum, maximum, average }, newest };
}

/** The 15 digits that a double guarantees: 0.3, not 0.30000000000000004. */
function withoutNoise(value: number): number {
  return Number(value.toPrecision(15));
}
