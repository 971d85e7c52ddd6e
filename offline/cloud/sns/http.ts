import type { Subscription } from "./topic";

/** Whether an address is of this machine. */
export function isLoopback(url: string): boolean {
  if (!URL.canParse(url)) return false;
  return /^(localhost|127\.\d+\.\d+\.\d+|\[::1\]|.+\.localhost)$/.test(new URL(url).hostname);
}

/** The kinds of messages that SNS posts. */
export type PostType = "Notification" | "SubscriptionConfirmation";

/** Posts a message to an address. Returns why it cannot be delivered, or undefined. */
export async function post(
  { endpoint, topicArn, arn }: Subscription,
  { type, messageId, body, isRaw = false }: { type: PostType; messageId: string; body: string; isRaw?: boolean },
  signal: AbortSignal,
): Promise<string | undefined> {
  const headers = {
    "content-type": "text/plain; charset=UTF-8",
    "user-agent": "Amazon Simple Notification Service Agent",
    "x-amz-sns-message-type": type,
    "x-amz-sns-message-id": messageId,
    "x-amz-sns-topic-arn": topicArn,
    ...(type === "Notification" && { "x-amz-sns-subscription-arn": arn }),
    ...(isRaw && { "x-amz-sns-rawdelivery": "true" }),
  };
  try {
    const answer = await fetch(endpoint, { method: "POST", headers, body, signal, redirect: "manual" });
    await answer.body?.cancel();
    return answer.ok ? undefined : `it answered ${answer.status}`;
  } catch (error) {
    const { cause, message } = error as Error;
    return cause instanceof Error ? cause.message : message;
  }
}
