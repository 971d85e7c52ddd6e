import { setTimeout as sleep } from "node:timers/promises";
import * as pulumi from "@pulumi/pulumi";

/** AWS's message, until Batch has noticed that the queue no longer has the environment. */
const refusal = "found existing JobQueue relationship";

/** Seconds to wait after each refusal: a quarter of an hour altogether. */
const pauses = [5, 10, 20, 40, ...Array<number>(14).fill(60)];

/**
 * Whether the engine should try again to delete a compute environment, after a pause. An updated queue is valid before
 * Batch lets go of the environments that it no longer has.
 * @see https://github.com/pulumi/pulumi-aws/issues/6233
 */
export async function retryDeletion(
  { failedOperation, errors, id }: pulumi.ErrorHookArgs,
  wait: (milliseconds: number) => Promise<unknown> = sleep,
): Promise<boolean> {
  if (failedOperation !== "delete" || !errors[0]?.includes(refusal)) return false;
  const seconds = pauses[errors.length - 1];
  if (seconds === undefined) {
    pulumi.log.warn(
      `For a quarter of an hour, AWS Batch has refused to delete the compute environment ${id}, because a job queue has ` +
        "it. Look for one that this program did not create (aws batch describe-job-queues), take the environment out of " +
        "it, and run pulumi up again.",
    );
    return false;
  }
  await wait(seconds * 1000);
  return true;
}

/**
 * Hooks of a compute environment that repeat its deletion while a queue seems to have it.
 *
 * The state of a stack records the hook's name, and only a hook of the same name helps a later deletion: hence one name
 * for all environments, wherever they are. The engine accepts a name once, and any of the registrations serves. An
 * engine without such hooks (before 3.218) refuses them all, and ignores the name.
 */
export function retriedDeletion(): pulumi.ResourceHookBinding | undefined {
  // Pulumi's mocks cannot register error hooks, and would wait for the answer forever.
  if (!pulumi.runtime.getMonitor()?.registerErrorHook) return undefined;
  // The SDK awaits this internal field before it registers the resource.
  const hook: pulumi.ErrorHook & { __registered?: Promise<void> } = new pulumi.ErrorHook(
    "graviton:compute-environment-deletion",
    (args) => retryDeletion(args),
  );
  hook.__registered = hook.__registered?.catch(() => undefined);
  return { onError: [hook] };
}
