import type { Corrections } from "./correction";
import type { Transaction } from "./transaction";

/** By which attribute a table's items expire. */
export interface Expiry {
  table: string;
  attribute: string;
}

/** The prefix of the keys of tables' settings. */
const SETTINGS = "ttl~";

/** The attribute that says when an item of a table expires; undefined if none does. */
export function expiryAttributeOf(transaction: Transaction, table: string): string | undefined {
  return (transaction.get(SETTINGS + table) as Expiry | undefined)?.attribute;
}

export function setExpiryAttribute(transaction: Transaction, table: string, attribute?: string): void {
  transaction.set(SETTINGS + table, attribute === undefined ? undefined : ({ table, attribute } satisfies Expiry));
}

/** The settings of all tables whose items expire. */
export async function allExpiries(transaction: Transaction): Promise<Expiry[]> {
  const pages: Expiry[][] = [];
  for await (const page of transaction.storedValues(SETTINGS)) pages.push(page as Expiry[]);
  return pages.flat();
}

/** Time to live as far as it concerns operations on tables. */
export const EXPIRIES: Corrections = {
  DeleteTable: {
    effect: (next) => async (transaction, data) => {
      const answer = await next(transaction, data);
      setExpiryAttribute(transaction, data.TableName ?? "");
      return answer;
    },
  },
};
