import { expect } from "chai";
import { resourcesOfType, runProgram } from "pulumi-offline";
import { quotedIn, rowsUnder } from "../helpers/documents/markdown";
import { repository } from "../helpers/offline/start";

describe("the guide to operating a stack", () => {
  const endings = rowsUnder("docs/operating.md", "What is watched").flatMap(([alarm]) =>
    quotedIn(alarm).map((name) => name.replace(/^NAME|^(?=\w)/, "-").replace(/^--/, "-")),
  );

  for (const dataPlatform of ["serverless", "cluster"]) {
    it(`explains each alarm of prod, with Spark on: ${dataPlatform}`, async () => {
      const emrCertificates = "s3://certificates/nodes.zip";
      const graph = await runProgram({
        directory: repository,
        stack: "prod",
        config: { dataPlatform, emrCertificates },
      });
      const alarms = resourcesOfType(graph, "aws:cloudwatch/metricAlarm:MetricAlarm").map(({ name }) => name);
      expect(alarms).to.have.length.above(15);
      expect(alarms.filter((name) => !endings.some((ending) => name.endsWith(ending)))).to.deep.equal([]);
    });
  }
});
