import { setImmediate } from "node:timers/promises";
import * as pulumi from "@pulumi/pulumi";

/**
 * Runs a program under the mocks of Pulumi's guide to unit tests, which give back the inputs and compute nothing.
 * @returns what failed, now or in an output
 * @see https://www.pulumi.com/docs/iac/concepts/testing/unit/
 */
export async function failuresUnderGuideMocks(program: () => unknown): Promise<unknown[]> {
  // What earlier tests have begun is no part of it.
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
