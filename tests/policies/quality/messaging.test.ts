import { expect } from "chai";
import { unknown } from "../../helpers/policies/policies";
import { onlySaid, said } from "./said";

describe("kinesis-encryption", () => {
  const rule = "kinesis-encryption";
  const stream = (props: object) => ({ type: "aws:kinesis/stream:Stream", props });

  it("requires KMS", async () => {
    for (const encryptionType of ["KMS", unknown]) {
      expect(await said(rule, stream({ encryptionType }))).to.deep.equal([]);
    }
    expect(await onlySaid(rule, stream({}))).to.match(/^encryptionType is missing: write "KMS", /);
    expect(await onlySaid(rule, stream({ encryptionType: "NONE" }))).to.match(/^encryptionType is NONE: /);
    expect(await onlySaid(rule, stream({ encryptionType: true }))).to.match(/must be a string, but is a boolean\.$/);
  });
});

describe("firehose-encryption", () => {
  const rule = "firehose-encryption";
  const firehose = (props: object) => ({ type: "aws:kinesis/firehoseDeliveryStream:FirehoseDeliveryStream", props });

  it("is required for streams that producers write to, but not for those that read another stream", async () => {
    for (const props of [
      { serverSideEncryption: { enabled: true } },
      { serverSideEncryption: unknown },
      { kinesisSourceConfiguration: { kinesisStreamArn: unknown } },
      { mskSourceConfiguration: unknown },
    ]) {
      expect(await said(rule, firehose(props))).to.deep.equal([]);
    }
    expect(await onlySaid(rule, firehose({ serverSideEncryption: { enabled: false } }))).to.equal(
      "serverSideEncryption.enabled is false: write true.",
    );
    expect(await said(rule, firehose({}))).to.have.lengthOf(1);
  });
});

describe("sqs-encryption and sns-encryption", () => {
  const queue = (props: object) => ({ type: "aws:sqs/queue:Queue", props });
  const topic = (props: object) => ({ type: "aws:sns/topic:Topic", props });

  it("accept a queue that AWS encrypts by default, and refuse one with encryption turned off", async () => {
    for (const props of [
      {},
      { sqsManagedSseEnabled: unknown },
      { sqsManagedSseEnabled: false, kmsMasterKeyId: "key" },
    ]) {
      expect(await said("sqs-encryption", queue(props))).to.deep.equal([]);
    }
    expect(await onlySaid("sqs-encryption", queue({ sqsManagedSseEnabled: false }))).to.match(
      / is false: write true, /,
    );
  });

  it("accept a topic with a key, known or not", async () => {
    for (const kmsMasterKeyId of ["alias/topics", unknown]) {
      expect(await said("sns-encryption", topic({ kmsMasterKeyId }))).to.deep.equal([]);
    }
    expect(await onlySaid("sns-encryption", topic({}))).to.match(/^kmsMasterKeyId is missing: /);
    expect(await onlySaid("sns-encryption", topic({ kmsMasterKeyId: "" }))).to.match(/^kmsMasterKeyId is empty: /);
  });
});
