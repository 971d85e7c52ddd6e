import { expect } from "chai";
import { EncryptionKey, KeyService } from "../../../components";
import { rules } from "../../../policies/policies";
import { inputsOf, lookedUp, mistakes, resources, startMocks } from "../../helpers/components/mocks";
import { violations } from "../../helpers/policies/policies";

describe("EncryptionKey", () => {
  beforeEach(startMocks);

  it("is rotated, and lets the account's IAM decide who may use it", async () => {
    new EncryptionKey("data", { description: "Data at rest", tags: { team: "data" } });
    const { policy, ...inputs } = await inputsOf("aws:kms/key:Key");
    expect(inputs).to.deep.equal({ description: "Data at rest", enableKeyRotation: true, tags: { team: "data" } });
    expect(JSON.parse(policy).Statement[0]).to.deep.equal({
      Effect: "Allow",
      Principal: { AWS: "arn:aws:iam::123456789012:root" },
      Action: "kms:*",
      Resource: "*",
    });
  });

  it("lets CloudWatch Logs and EMR Serverless use it for logs of this account and region, and no other service", async () => {
    new EncryptionKey("data");
    const { Statement } = JSON.parse((await inputsOf("aws:kms/key:Key")).policy);
    expect(Statement).to.have.lengthOf(3);
    expect(Statement[1]).to.deep.include({
      Principal: { Service: "logs.eu-west-1.amazonaws.com" },
      Condition: {
        ArnLike: { "kms:EncryptionContext:aws:logs:arn": "arn:aws:logs:eu-west-1:123456789012:log-group:*" },
      },
    });
    expect(Statement[2]).to.deep.include({
      Principal: { Service: "emr-serverless.amazonaws.com" },
      Action: ["kms:Decrypt", "kms:GenerateDataKey"],
      Condition: {
        ArnLike: { "aws:SourceArn": "arn:aws:emr-serverless:eu-west-1:123456789012:/applications/*" },
      },
    });
  });

  it("lets exactly the given services use it", async () => {
    const servicesOf = async (name: string) => {
      const { Statement } = JSON.parse((await inputsOf("aws:kms/key:Key", name)).policy);
      const services = Statement.slice(1).map(
        ({ Principal }: { Principal: { Service?: string } }) => Principal.Service,
      );
      return services.filter(Boolean);
    };
    new EncryptionKey("none", { services: [] });
    new EncryptionKey("all", { services: Object.values(KeyService) });
    expect(await servicesOf("none")).to.deep.equal([]);
    expect(await servicesOf("all")).to.deep.equal([
      "logs.eu-west-1.amazonaws.com",
      "emr-serverless.amazonaws.com",
      "cloudwatch.amazonaws.com",
      "events.amazonaws.com",
    ]);
    const wrong = { services: ["lambda" as never] };
    expect(mistakes(() => new EncryptionKey("wrong", wrong)).map(([path]) => path)).to.deep.equal(["services[0]"]);
  });

  it("lets EC2 use it for the volumes of everybody in the account, and nobody else", async () => {
    new EncryptionKey("disks", { services: ["ebs"] });
    const { Statement } = JSON.parse((await inputsOf("aws:kms/key:Key")).policy);
    expect(Statement[1]).to.deep.include({
      Principal: { AWS: "*" },
      Condition: {
        StringEquals: { "kms:CallerAccount": "123456789012", "kms:ViaService": "ec2.eu-west-1.amazonaws.com" },
      },
    });
  });

  for (const [partition, service] of [
    ["aws-cn", "logs.eu-west-1.amazonaws.com.cn"],
    ["aws-us-gov", "logs.eu-west-1.amazonaws.com"],
    ["aws-eusc", "logs.eu-west-1.amazonaws.com"],
  ]) {
    it(`names CloudWatch Logs and the account as the partition ${partition} does`, async () => {
      const before = lookedUp.partition;
      lookedUp.partition = partition ?? "";
      try {
        new EncryptionKey("data");
        const { Statement } = JSON.parse((await inputsOf("aws:kms/key:Key")).policy);
        expect(Statement[0].Principal.AWS).to.equal(`arn:${partition}:iam::123456789012:root`);
        expect(Statement[1].Principal.Service).to.equal(service);
      } finally {
        lookedUp.partition = before;
      }
    });
  }

  it("violates no policy", async () => {
    new EncryptionKey("data");
    const found = await Promise.all(
      (await resources()).map(({ type, name, inputs }) => violations(rules, { type, name, props: inputs })),
    );
    expect(found.flat()).to.deep.equal([]);
  });
});
