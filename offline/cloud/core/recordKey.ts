import { randomUUID } from "node:crypto";

/**
 * The key under which Lambda stores in a bucket what became of an invocation.
 * @param owner such as `async/FUNCTION`, or a mapping's UUID and a shard
 * @see https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html
 */
export function recordKey(owner: string): string {
  const now = new Date().toISOString();
  const time = now.slice(0, 19).replaceAll(":", ".");
  return `aws/lambda/${owner}/${now.slice(0, 10).replaceAll("-", "/")}/${time}-${randomUUID()}`;
}
