import type { ErrorHookArgs } from "@pulumi/pulumi";
import { expect } from "chai";
import { retryDeletion } from "../../../components/batch/deletion";
import { reveal } from "../../../offline";
import { refusingBatch } from "../../helpers/aws/refusingBatch";
import { run } from "../../helpers/components/registered";
import { batchArgs } from "./batchArgs";

const refusal = "ClientException: Cannot delete, found existing JobQueue relationship";

type Failure = Pick<ErrorHookArgs, "failedOperation" | "errors">;

describe("the deletion of a compute environment", () => {
  const hookArgs = (failure: Failure): ErrorHookArgs => ({
    urn: "urn:pulumi:dev::program::aws:batch/computeEnvironment:ComputeEnvironment::main-spot",
    id: "main-spot-0000001",
    name: "main-spot",
    type: "aws:batch/computeEnvironment:ComputeEnvironment",
    ...failure,
  });

  /** Deletes as Pulumi's engine does, which asks the error hook after each failure. Returns the seconds waited. */
  async function deleteFrom(batch: Awaited<ReturnType<typeof refusingBatch>>): Promise<number[]> {
    const errors: string[] = [];
    const waited: number[] = [];
    const wait = async (milliseconds: number) => void waited.push(milliseconds / 1000);
    for (;;) {
      try {
        await batch.delete("main-spot-0000001");
        return waited;
      } catch (error) {
        errors.unshift((error as Error).message);
        if (!(await retryDeletion(hookArgs({ failedOperation: "delete", errors }), wait))) throw error;
      }
    }
  }

  it("is tried again, ever later, while Batch takes a queue to have the environment", async () => {
    const batch = await refusingBatch(6);
    expect(await deleteFrom(batch)).to.deep.equal([5, 10, 20, 40, 60, 60]);
    expect(batch.deletions()).to.equal(7);
    batch.close();
  });

  it("fails with Batch's refusal after a quarter of an hour", async () => {
    const batch = await refusingBatch(Number.POSITIVE_INFINITY);
    const error = await deleteFrom(batch).catch(({ message }: Error) => message);
    expect(error).to.contain("found existing JobQueue relationship");
    expect(batch.deletions()).to.equal(19);
    batch.close();
  });

  it("is not tried again after another error, nor is anything but a deletion", async () => {
    const wait = () => Promise.reject(new Error("waits"));
    const other = { failedOperation: "delete", errors: ["AccessDeniedException", refusal] };
    expect(await retryDeletion(hookArgs(other), wait)).to.equal(false);
    const update = { failedOperation: "update", errors: [refusal] };
    expect(await retryDeletion(hookArgs(update), wait)).to.equal(false);
  });

  it("has this hook in every program, which the engine accepts once for all environments", async () => {
    const args = JSON.stringify(batchArgs());
    const failure = hookArgs({ failedOperation: "delete", errors: [refusal] });
    const { outputs } = await run(`
      import * as pulumi from "@pulumi/pulumi";
      const bound: Record<string, pulumi.ErrorHook[] | undefined> = {};
      pulumi.runtime.registerStackTransformation(({ name, opts }) => {
        if (opts.hooks) bound[name] = opts.hooks.onError;
        return undefined;
      });
      new graviton.GravitonBatch("main", ${args});
      new graviton.GravitonBatch("other", ${args});
      const waited: number[] = [];
      Object.assign(require("node:timers/promises"), { setTimeout: async (milliseconds: number) => void waited.push(milliseconds) });
      async function callHooks() {
        for (const hook of Object.values(bound).flatMap((hooks) => hooks ?? [])) await hook.callback(${JSON.stringify(failure)});
        return waited;
      }
      export const environments = Object.keys(bound);
      export const pauses = callHooks();
    `);
    expect(reveal(outputs.environments ?? [])).to.deep.equal(["main-spot", "other-spot"]);
    expect(reveal(outputs.pauses ?? [])).to.deep.equal([5000, 5000]);
  });
});
