import { setTimeout as sleep } from "node:timers/promises";

/**
 * Milliseconds after an attempt's end before another may submit: a request that was underway has come in by then, and
 * the service's list, which promises no consistency, shows what it made.
 */
export const settling = 30_000;

/** Milliseconds before each look for what was submitted after the answer was lost. */
const lookDelays = [200, 500, 1000];

/** Codes of a request that was never sent. */
const unsent = ["ECONNREFUSED", "ENOTFOUND", "EAI_AGAIN"];

/** Node's agents close a connection after its request only where their number has no limit, too. */
const singleUse = { keepAlive: false, maxSockets: Number.POSITIVE_INFINITY };

/**
 * For a client whose operation has no client token, so that the SDK must not send it again; and each request has a
 * connection of its own, as on one kept open since an earlier request nobody may be listening any more. Without
 * `throwOnRequestTimeout` the SDK only warns.
 */
export const submitterOptions = {
  maxAttempts: 1,
  requestHandler: {
    connectionTimeout: 1000,
    requestTimeout: 3000,
    throwOnRequestTimeout: true,
    httpAgent: singleUse,
    httpsAgent: singleUse,
  },
};

/**
 * Submits what has a name of its own to a service that has no client token, and gives its id.
 * @param perhapsSubmitted look for it first, as an earlier attempt may have submitted it
 * @param find its id, where the service lists it
 * @param submit must not retry
 */
export async function submitOnce(
  perhapsSubmitted: boolean,
  find: () => Promise<string | undefined>,
  submit: () => Promise<string>,
): Promise<string> {
  const earlier = perhapsSubmitted ? await find() : undefined;
  if (earlier) return earlier;
  try {
    return await submit();
  } catch (error) {
    const submitted = mayBeDone(error) && (await findSoon(find).catch(() => undefined));
    if (submitted) return submitted;
    throw error;
  }
}

async function findSoon(find: () => Promise<string | undefined>): Promise<string | undefined> {
  for (const delay of lookDelays) {
    await sleep(delay);
    const found = await find();
    if (found) return found;
  }
  return undefined;
}

/** Whether what a failed call asked for may have been done all the same: it was neither refused nor left unsent. */
export function mayBeDone(error: unknown): boolean {
  const { $metadata, code = "" } = Object(error) as { $metadata?: { httpStatusCode?: number }; code?: string };
  const status = $metadata?.httpStatusCode;
  return status === undefined ? !unsent.includes(code) : status < 400 || status >= 500;
}
