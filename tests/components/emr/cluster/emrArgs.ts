import { expect } from "chai";
import type { EmrClusterArgs, EmrNodesArgs } from "../../../../components/emr/cluster/args";
import { checkCluster } from "../../../../components/emr/cluster/checks";
import type { EmrStepArgs } from "../../../../components/emr/cluster/stepArgs";
import { mistakesIn } from "../../../helpers/components/mocks";

/** Arguments of the smallest cluster. */
export function emrArgs(changes: Partial<EmrClusterArgs> = {}): EmrClusterArgs {
  return {
    releaseLabel: "emr-7.10.0",
    vpcId: "vpc-1",
    subnetIds: ["subnet-1"],
    logUri: "s3://logs/emr/",
    ...changes,
  };
}

/** The same with changes to the core nodes. */
export function withCore(core: EmrNodesArgs, changes: Partial<EmrClusterArgs> = {}): EmrClusterArgs {
  return emrArgs({ core, ...changes });
}

/** The same with task nodes. */
export function withTask(task: EmrNodesArgs, changes: Partial<EmrClusterArgs> = {}): EmrClusterArgs {
  return emrArgs({ task, ...changes });
}

/** The same with a step. */
export function withStep(step: Partial<EmrStepArgs>, changes: Partial<EmrClusterArgs> = {}): EmrClusterArgs {
  return emrArgs({ steps: [{ name: "one", command: ["spark-submit"], ...step }], ...changes });
}

/** The same with groups. */
export function ofGroups(changes: Partial<EmrClusterArgs> = {}): EmrClusterArgs {
  return emrArgs({ instances: "INSTANCE_GROUP", ...changes });
}

/** The mistakes in a cluster, by property path. */
export function mistakesOf(args: EmrClusterArgs, name?: string): [path: string, reason: string][] {
  return mistakesIn({ type: "EmrCluster", rules: checkCluster }, args, name);
}

/** A cluster that is refused, with the reason that is expected at a property's path. */
export type Refused = [what: string, args: EmrClusterArgs, path: string, reason: RegExp];

/** Makes a test of each. */
export function itRefuses(cases: Refused[]): void {
  for (const [what, args, path, reason] of cases) {
    it(what, () => {
      const reasons = mistakesOf(args).flatMap(([place, why]) => (place === path ? [why] : []));
      expect(reasons.join("\n")).to.match(reason);
    });
  }
}

/** Makes a test of each cluster that has no mistakes. */
export function itTakes(cases: [what: string, args: EmrClusterArgs][]): void {
  for (const [what, args] of cases) {
    it(what, () => expect(mistakesOf(args)).to.deep.equal([]));
  }
}
