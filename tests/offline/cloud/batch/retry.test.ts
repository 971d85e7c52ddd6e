import { expect } from "chai";
import type { RetryRule } from "../../../../offline/cloud/batch/model";
import { isRetried } from "../../../../offline/cloud/batch/retry";
import { DOCUMENTATION, testFact, testFacts } from "../../../helpers/facts";

const DOCUMENTED = { service: "Batch", source: DOCUMENTATION };

describe("a failed attempt of a job", () => {
  const container = { taskArn: "", reason: "CannotPullContainerError: no such image", exitCode: 137 };
  const failed = { stoppedAt: 0, statusReason: "Task failed to start", container };
  const cases: [what: string, rules: Omit<RetryRule, "action">[], retried: boolean][] = [
    ["no rule", [], true],
    ["none of the rules", [{ onReason: "OutOfMemory*" }, { onExitCode: "1" }, { onStatusReason: "Host EC2*" }], true],
    ["a pattern of its reason", [{ onReason: "CannotPull*" }], false],
    ["a pattern of its status reason", [{ onStatusReason: "Task failed to start" }], false],
    ["a pattern of its exit code", [{ onExitCode: "13*" }], false],
    ["one condition of two", [{ onExitCode: "137", onReason: "OutOfMemory*" }], true],
    ["the beginning of a reason without an asterisk", [{ onReason: "CannotPull" }], true],
  ];
  testFacts(
    {
      ...DOCUMENTED,
      facts: cases.map(([what, rules, retried]) => ({
        fact: `that matches ${what} is ${retried ? "" : "not "}retried under rules that end`,
        rules,
        retried,
      })),
    },
    ({ rules, retried }) => {
      const evaluateOnExit = rules.map((rule) => ({ action: "EXIT" as const, ...rule }));
      expect(isRetried({ attempts: 2, evaluateOnExit }, 1, failed)).to.equal(retried);
    },
  );

  testFact(DOCUMENTED, "without an exit code matches no pattern for exit codes", () => {
    const evaluateOnExit = [{ action: "EXIT" as const, onExitCode: "*" }];
    const attempt = { ...failed, container: { taskArn: "" } };
    expect(isRetried({ attempts: 2, evaluateOnExit }, 1, attempt)).to.equal(true);
  });
});
