import { expect } from "chai";
import type { EmrServerlessArgs } from "../../../../components/emr/serverless/args";
import { EmrServerless } from "../../../../components/emr/serverless/emrServerless";
import { callService } from "../../../helpers/aws/callService";
import { type Moto, pythonHas, startMoto } from "../../../helpers/aws/moto";
import { inputsOf, type Registered, startMocks } from "../../../helpers/components/mocks";

const kmsKeyArn = "arn:aws:kms:eu-west-1:123456789012:key/1";

const applications: Record<string, Omit<EmrServerlessArgs, "access">> = {
  plain: { releaseLabel: "emr-7.10.0" },
  full: {
    releaseLabel: "emr-7.10.0",
    engine: "Hive",
    maximumCapacity: { vcpus: 64, memory: 300, disk: 1000 },
    initialCapacity: [
      { type: "HiveDriver", count: 1 },
      { type: "TezTask", count: 3, vcpus: 8, memory: 36, disk: 200 },
    ],
    autoStart: false,
    idleMinutes: 60,
    vpcId: "vpc-1",
    subnetIds: ["subnet-12345678", "subnet-87654321"],
    imageUri: "123456789012.dkr.ecr.eu-west-1.amazonaws.com/hive:1",
    configurations: { "hive-site": { "hive.exec.parallel": "true" } },
    kmsKeyArn,
    tags: { team: "a" },
  },
};

/** The request that the provider makes from an application's inputs; moto supports engines in capitals only. */
function requestOf(inputs: Registered["inputs"]) {
  const { initialCapacities, runtimeConfigurations: runtimeConfiguration, monitoringConfiguration, ...same } = inputs;
  const { cloudwatchLoggingConfiguration: cloudWatchLoggingConfiguration, ...others } = monitoringConfiguration;
  const initialCapacity = Object.fromEntries(
    initialCapacities.map((one: Record<string, string>) => [one.initialCapacityType, one.initialCapacityConfig]),
  );
  const monitoring = { ...others, cloudWatchLoggingConfiguration };
  const request = {
    ...same,
    type: same.type.toUpperCase(),
    name: "spark",
    initialCapacity,
    monitoringConfiguration: monitoring,
  };
  return { ...request, ...(runtimeConfiguration && { runtimeConfiguration }) };
}

describe("what EmrServerless registers, before botocore and moto", function () {
  this.timeout(60_000);
  let moto: Moto;

  before(async function () {
    if (!pythonHas("moto.server")) return this.skip();
    moto = await startMoto();
  });
  after(() => moto?.stop());
  beforeEach(startMocks);

  for (const [name, args] of Object.entries(applications)) {
    it(`accepts the application "${name}" and runs a job`, async () => {
      new EmrServerless(name, { access: [], ...args });
      const inputs = await inputsOf("aws:emrserverless/application:Application");
      const call = callService.bind(undefined, moto.endpoint, "emr-serverless");
      const [created] = await call([["CreateApplication", { ...requestOf(inputs), clientToken: name }]]);
      const { applicationId } = created ?? {};
      const executionRoleArn = "arn:aws:iam::123456789012:role/job";
      const job = { applicationId, executionRoleArn, clientToken: "1", jobDriver: { hive: { query: "SELECT 1" } } };
      const [found, started] = await call([
        ["GetApplication", { applicationId }],
        ["StartJobRun", job],
      ]);
      expect(found?.application.maximumCapacity).to.deep.equal(inputs.maximumCapacity);
      expect(found?.application.autoStopConfiguration).to.deep.equal(inputs.autoStopConfiguration);
      expect(started?.applicationId).to.equal(applicationId);
    });
  }
});
