import { setTimeout as sleep } from "node:timers/promises";

/**
 * Milliseconds after an attempt's end before another may submit: by then a request that was in flight has arrived, and
 * the service's eventually consistent list shows its result.
 */
export const settling = 30_000;

/** Milliseconds before each look-up of a submission whose response was lost. */
const lookDelays = [200, 500, 1000];

/** Error codes of a request that was never sent. */
const unsent = ["ECONNREFUSED", "ENOTFOUND", "EAI_AGAIN"];

/** Node's agents close a connection after its request only if the number of connections is also unlimited. */
const singleUse = { keepAlive: false, maxSockets: Number.POSITIVE_INFINITY };

/**
 * For a client whose operation has no client token, so the SDK must not retry it. Each request has its own connection,
 * because the server may have closed one that was kept open since an earlier request. Without `throwOnRequestTimeout`
 * the SDK only warns.
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
 * Submits something with a unique name to a service without client tokens, and returns its id.
 * @param perhapsSubmitted look for it first, because an earlier attempt may have submitted it
 * @param find finds its id, if the service lists it
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

/** Whether a failed call may have taken effect all the same: it was neither refused nor left unsent. */
export function mayBeDone(error: unknown): boolean {
  const { $metadata, code = "" } = Object(error) as { $metadata?: { httpStatusCode?: number }; code?: string };
  const status = $metadata?.httpStatusCode;
  return status === undefined ? !unsent.includes(code) : status < 400 || status >= 500;
}
