import { account } from "../../engine/context";

const URL = new RegExp(`https://sqs\\.[\\w-]+\\.amazonaws\\.com(?:\\.cn)?/(?=${account}/)`, "g");

/**
 * Environment variables in which the URLs of queues have the endpoint's address: SDKs send the calls for a queue to the
 * host in its URL, whatever AWS_ENDPOINT_URL says.
 */
export function withLocalQueues(environment: Record<string, string>, endpoint: string): Record<string, string> {
  const entries = Object.entries(environment);
  return Object.fromEntries(entries.map(([name, value]) => [name, value.replace(URL, `${endpoint}/`)]));
}
