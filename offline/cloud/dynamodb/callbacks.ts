import type { Callback } from "dynalite/db";

/** What a function of dynalite's calls back with. */
export function settle(call: (callback: Callback<object>) => void): Promise<object> {
  return new Promise((resolve, reject) => call((error, result) => (error ? reject(error) : resolve(result ?? {}))));
}
