import * as path from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { expect } from "chai";
import { failuresUnderGuideMocks } from "../helpers/components/guideMocks";
import { repository } from "../helpers/offline/start";

describe("the program under the mocks of Pulumi's guide", () => {
  const modules = ["index", "batchJobs", "common", "config", "dataPlatform", "encryption", "workers"].map((name) =>
    path.join(repository, `${name}.ts`),
  );
  const forget = () => {
    for (const file of modules) delete require.cache[file];
  };
  afterEach(forget);

  for (const [dataPlatform, apiKind] of [
    ["serverless", "REST"],
    ["cluster", "HTTP"],
    ["none", "REST"],
  ] as const) {
    it(`runs with all its parts, with Spark on: ${dataPlatform}, and the kind of API: ${apiKind}`, async () => {
      const settings = {
        ...{ apiAuth: "iam", apiKind, logRetentionDays: "30", protectData: "false", alarms: "true", dataPlatform },
        ...{ customerKey: "true", timeZone: "UTC" },
        ...{ jobsRunOn: '["FARGATE_SPOT"]', corsOrigin: "https://example.com", alarmEmail: "ops@example.com" },
      };
      const named = Object.entries(settings).map(([key, value]) => [`project:${key}`, value]);
      const program = () => {
        pulumi.runtime.setAllConfig(Object.fromEntries(named));
        require(path.join(repository, "index.ts"));
      };
      expect(await failuresUnderGuideMocks(program)).to.deep.equal([]);
    });
  }
});
