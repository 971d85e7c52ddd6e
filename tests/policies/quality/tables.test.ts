import { expect } from "chai";
import { unknown } from "../../helpers/policies/policies";
import { said } from "./said";

const table = (props: object) => ({ type: "aws:dynamodb/table:Table", props });
const replica = (props: object) => ({ type: "aws:dynamodb/tableReplica:TableReplica", props });

describe("dynamodb-point-in-time-recovery", () => {
  const rule = "dynamodb-point-in-time-recovery";

  it("accepts a table and replicas that have it, or may", async () => {
    const pointInTimeRecovery = { enabled: true };
    for (const replicas of [[], unknown, [{ regionName: "eu-west-2", pointInTimeRecovery: true }, unknown]]) {
      expect(await said(rule, table({ pointInTimeRecovery, replicas }))).to.deep.equal([]);
    }
    expect(await said(rule, table({ pointInTimeRecovery: unknown }))).to.deep.equal([]);
    expect(await said(rule, replica({ pointInTimeRecovery: true }))).to.deep.equal([]);
  });

  it("reports tables and replicas without it", async () => {
    const replicas = [{ pointInTimeRecovery: true }, unknown, {}, { pointInTimeRecovery: false }];
    expect(await said(rule, table({ replicas }))).to.deep.equal([
      "pointInTimeRecovery.enabled is missing: write true.",
      "replicas[2].pointInTimeRecovery is missing: write true.",
      "replicas[3].pointInTimeRecovery is false: write true.",
    ]);
    expect(await said(rule, replica({}))).to.deep.equal(["pointInTimeRecovery is missing: write true."]);
  });

  it("reports values of the wrong shape", async () => {
    expect(await said(rule, table({ pointInTimeRecovery: true, replicas: {} }))).to.deep.equal([
      "pointInTimeRecovery must be a map, but is a boolean.",
      "replicas must be a list, but is a map.",
    ]);
  });
});

describe("dynamodb-encryption", () => {
  const rule = "dynamodb-encryption";

  it("accepts AWS's own key unless the stack requires a customer managed one", async () => {
    expect(await said(rule, table({}))).to.deep.equal([]);
    expect(await said(rule, replica({}))).to.deep.equal([]);
  });

  it("requires a customer managed key, for replicas too, if the stack does", async () => {
    const settings = { customerKeys: true };
    const kmsKeyArn = "arn:aws:kms:eu-west-1:123456789012:key/one";
    expect(await said(rule, table({ serverSideEncryption: { enabled: true, kmsKeyArn } }), settings)).to.deep.equal([]);
    expect(
      await said(rule, table({ serverSideEncryption: { enabled: true, kmsKeyArn: unknown } }), settings),
    ).to.deep.equal([]);
    expect(
      await said(rule, table({ serverSideEncryption: { enabled: true }, replicas: [{}] }), settings),
    ).to.deep.equal([
      "serverSideEncryption.kmsKeyArn is missing: write the ARN of a KMS key in that Region.",
      "replicas[0].kmsKeyArn is missing: write the ARN of a KMS key in that Region.",
    ]);
    expect(await said(rule, replica({}), settings)).to.have.lengthOf(1);
  });
});

describe("dynamodb-deletion-protection", () => {
  const rule = "dynamodb-deletion-protection";

  it("is required if the stack asks for it", async () => {
    expect(await said(rule, table({}))).to.deep.equal([]);
    expect(await said(rule, table({ deletionProtectionEnabled: unknown }), { required: true })).to.deep.equal([]);
    expect(await said(rule, table({ deletionProtectionEnabled: true }), { required: true })).to.deep.equal([]);
    expect(
      await said(rule, table({ deletionProtectionEnabled: "yes", replicas: [{}] }), { required: true }),
    ).to.deep.equal([
      "deletionProtectionEnabled must be a boolean, but is a string.",
      "replicas[0].deletionProtectionEnabled is missing: write true.",
    ]);
    expect(await said(rule, replica({ deletionProtectionEnabled: false }), { required: true })).to.deep.equal([
      "deletionProtectionEnabled is false: write true.",
    ]);
  });
});
