import type { StartJobRunCommandInput } from "@aws-sdk/client-emr-serverless";
import { expect } from "chai";
import { application, closeEmr, refusal, serveEmr, withPath } from "../../../helpers/offline/emr";
import { temporaryFolder } from "../../../helpers/temporaryFolder";

const streaming = { mode: "STREAMING" } as const;

describe("the time limit of an EMR Serverless job run", () => {
  let restore = withPath(process.env.PATH ?? "");
  // Without Spark job runs are simulated.
  beforeEach(() => {
    restore = withPath(temporaryFolder());
  });
  afterEach(async () => {
    await closeEmr();
    restore();
  });

  const start = async (releaseLabel: string, input: Partial<StartJobRunCommandInput>) => {
    const server = await serveEmr([application({ releaseLabel })], { files: { "job.py": "" } });
    return server.start(input);
  };

  const refused: [string, number, object, string][] = [
    ["emr-7.11.0", 0, {}, "must be from 1 to 10080 for a job run in mode BATCH with emr-7.11.0"],
    ["emr-7.11.0", 10_081, {}, "must be from 1 to 10080"],
    ["emr-spark-8.1.0", 10_081, {}, "must be from 1 to 10080"],
    ["emr-7.10.0", 0, {}, "must be from 1 to 1000000"],
    ["emr-7.10.0", 1_000_001, {}, "less than or equal to 1000000"],
    ["emr-7.11.0", 1_000_001, streaming, "less than or equal to 1000000"],
  ];
  for (const [release, executionTimeoutMinutes, mode, message] of refused) {
    it(`is refused: ${executionTimeoutMinutes} minutes with ${release}, ${JSON.stringify(mode)}`, async () => {
      const answer = await refusal(start(release, { executionTimeoutMinutes, ...mode }));
      expect(answer).to.match(/^ValidationException: .*executionTimeoutMinutes/);
      expect(answer).to.contain(message);
    });
  }

  const taken: [string, number | undefined, object][] = [
    ["emr-7.11.0", 10_080, {}],
    ["emr-7.11.0", undefined, {}],
    ["emr-6.15.0", 10_081, {}],
    ["emr-7.11.0", 0, streaming],
    ["emr-7.11.0", 10_081, streaming],
  ];
  for (const [release, executionTimeoutMinutes, mode] of taken) {
    it(`is taken: ${executionTimeoutMinutes} minutes with ${release}, ${JSON.stringify(mode)}`, async () => {
      expect(await start(release, { executionTimeoutMinutes, ...mode })).to.match(/^\w+$/);
    });
  }
});
