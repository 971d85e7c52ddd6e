import { expect } from "chai";
import { InvocationLog } from "../../../../offline/cloud/lambda/invocationLog";
import { recordedByLocalstack, testFact } from "../../../helpers/facts";

const RECORDED = { service: "Lambda", source: recordedByLocalstack("2026-03") };

describe("InvocationLog", () => {
  testFact(RECORDED, "shows a failure in Python as a traceback, indented with no-break spaces", () => {
    const printed = new InvocationLog("ID", { memorySize: 128 });
    printed.add("printed\n");
    const stackTrace = ['  File "/var/task/handler.py", line 55, in handler\n    raise Exception("on purpose")\n'];
    const error = { errorType: "Exception", errorMessage: "on purpose", stackTrace };
    const log = printed.tail({ requestId: "ID", version: "$LATEST", duration: 1, error });
    const [end, ...lines] = Buffer.from(log, "base64").toString().trimEnd().split("\n").reverse();
    expect(end).to.match(/^REPORT /);
    expect(lines.reverse()).to.deep.equal([
      "START RequestId: ID Version: $LATEST",
      "printed",
      "[ERROR] Exception: on purpose",
      "Traceback (most recent call last):",
      '\u00a0\u00a0File "/var/task/handler.py", line 55, in handler',
      '\u00a0\u00a0\u00a0\u00a0raise Exception("on purpose")',
      "END RequestId: ID",
    ]);
  });
});
