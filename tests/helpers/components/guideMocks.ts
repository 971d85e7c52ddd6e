import { setImmediate } from "node:timers/promises";
import * as pulumi from "@pulumi/pulumi";

/**
 * Runs a program under the mocks of Pulumi's guide to unit tests, which return the inputs and compute nothing.
 * @returns the errors, whether thrown at once or by an output
 * @see https://www.pulumi.com/docs/iac/concepts/testing/unit/
 */
export async function failuresUnderGuideMocks(program: () => unknown): Promise<unknown[]> {
  // Wait for work that earlier tests started, which must not count.
  await pulumi.runtime.disconnect();
  const failures = new Set<unknown>();
  const fail = (error: unknown) => failures.add(error);
  process.on("unhandledRejection", fail);
  try {
    await pulumi.runtime.setMocks({
      newResource: ({ name, inputs }) => ({ id: `${name}-id`, state: inputs }),
      call: ({ inputs }) => inputs,
    });
    await program();
    await pulumi.runtime.disconnect();
    await setImmediate();
  } catch (error) {
    fail(error);
  } finally {
    process.off("unhandledRejection", fail);
  }
  return [...failures];
}
