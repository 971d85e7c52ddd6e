import * as fs from "node:fs";
import * as path from "node:path";
import { expect } from "chai";
import { type Graph, runProgram } from "../../../../offline";
import { parseUrn } from "../../../../offline/engine/urn";
import { run } from "../../../helpers/offline/program";
import { temporaryFolder } from "../../../helpers/temporaryFolder";

const directory = path.join(__dirname, "..", "..", "packs", "awsguard");
const isInstalled = fs.existsSync(path.join(directory, "node_modules"));
const missing = "not installed: npm ci --prefix tests/offline/packs/awsguard";

/** Its violations in a graph, once it is certain that nothing failed. */
function verdictOn({ policyPacks, diagnostics }: Graph, policies = 26) {
  expect(policyPacks).to.have.lengthOf(1);
  const [pack] = policyPacks;
  expect(pack).to.include({ name: "pulumi-awsguard", version: "0.1.0", policies });
  expect(pack?.failures).to.deep.equal([]);
  expect(diagnostics.filter(({ severity }) => severity === "error")).to.deep.equal([]);
  return (pack?.violations ?? []).map(({ policy, level, urn }) => `${level} ${policy} ${parseUrn(urn).name}`).sort();
}

// The expectations apply the rules in its source by hand. It dates from 2021 and does not know later AWS types.
(isInstalled ? describe : describe.skip)(`AWS Guard as published${isInstalled ? "" : ` (${missing})`}`, () => {
  it("objects to a regional API without a cache, and to logging of buckets by the later resource type", async () => {
    const graph = await runProgram({
      directory: path.join(__dirname, "..", "..", "..", ".."),
      stack: "prod",
      policyPacks: [{ directory }],
    });
    expect(verdictOn(graph)).to.deep.equal([
      "mandatory apigateway-endpoint-type api",
      "mandatory apigateway-method-cached-and-encrypted api",
      "mandatory apigateway-method-cached-and-encrypted api",
      "mandatory apigateway-stage-cached api",
      ...["code", "logs", "raw", "results"].map((kind) => `mandatory s3-bucket-logging-enabled lake-${kind}`),
    ]);
  });

  it("finds all mistakes in a program, and nothing else", async () => {
    const graph = await run("unguarded", { policyPacks: [{ directory }] });
    expect(verdictOn(graph)).to.deep.equal([
      "mandatory cmk-backing-key-rotation-enabled open",
      "mandatory ec2-instance-detailed-monitoring-enabled open",
      "mandatory ec2-instance-no-public-ip open",
      "mandatory efs-encrypted open",
      "mandatory encrypted-volumes open",
      "mandatory encrypted-volumes open",
      "mandatory rds-instance-backup-enabled open",
      "mandatory rds-instance-multi-az-enabled open",
      "mandatory rds-instance-public-access open",
      "mandatory rds-storage-encrypted open",
      "mandatory s3-bucket-logging-enabled open",
    ]);
    const messages = graph.policyPacks.flatMap(({ violations }) => violations.map(({ message }) => message));
    expect(messages).to.include(
      "Check whether the Amazon Relational Database Service instances are not publicly accessible.\n" +
        "RDS Instance must not be publicly accessible.",
    );
  });

  it("is configured by a file", async () => {
    const config = path.join(temporaryFolder(), "policy-config.json");
    const storage = { enforcementLevel: "mandatory", kmsKeyId: "ours" };
    const levels = { all: "disabled", "efs-encrypted": "advisory", "rds-storage-encrypted": storage };
    fs.writeFileSync(config, JSON.stringify(levels));
    const graph = await run("unguarded", { policyPacks: [{ directory, config }] });
    expect(verdictOn(graph, 2)).to.deep.equal([
      "advisory efs-encrypted open",
      "mandatory rds-storage-encrypted guarded",
      "mandatory rds-storage-encrypted open",
      "mandatory rds-storage-encrypted open",
    ]);
    expect(graph.policyPacks[0]).to.include({ config });
  });
});
