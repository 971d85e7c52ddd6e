import * as pulumi from "@pulumi/pulumi";
import { expect } from "chai";
import { LambdaFunction, type LambdaFunctionArgs } from "../../../components";
import { requestMistakes } from "../../helpers/aws/callService";
import { pythonHas } from "../../helpers/aws/moto";
import { inputsOf, mistakes, resolved, resources, startMocks } from "../../helpers/components/mocks";

const functionType = "aws:lambda/function:Function";
const providerType = "aws:lambda/capacityProvider:CapacityProvider";
const scalingType = "aws:lambda/functionScalingConfig:FunctionScalingConfig";
const code = new pulumi.asset.AssetArchive({
  "index.js": new pulumi.asset.StringAsset("exports.handler = async () => 1"),
});
const account = "123456789012";
const functionArn = `arn:aws:lambda:eu-west-1:${account}:work-1234567`;
const providerArn = `arn:aws:lambda:eu-west-1:${account}:capacity-provider:shared`;
const network = { subnetIds: ["subnet-a", "subnet-b"], securityGroupIds: ["sg-a"] };

function lambda(args: LambdaFunctionArgs = {}) {
  return new LambdaFunction("work", { code, ...args });
}

describe("LambdaFunction", () => {
  beforeEach(startMocks);

  describe("with durable execution", () => {
    const checkpoints = {
      Effect: "Allow",
      Action: ["lambda:CheckpointDurableExecution", "lambda:GetDurableExecutionState"],
      Resource: [`${functionArn}:*`],
    };

    it("may record its own steps and nobody else's, and is called by an alias, as Lambda demands", async () => {
      const { functionArn: called, qualifier } = lambda({ durable: { executionTimeout: 3600, retentionPeriod: 7 } });
      expect(await resolved(qualifier)).to.equal("live");
      expect(await resolved(called)).to.match(/:live$/);
      const inputs = await inputsOf(functionType);
      expect(inputs).to.deep.include({ durableConfig: { executionTimeout: 3600, retentionPeriod: 7 }, publish: true });
      const { policy } = await inputsOf("aws:iam/rolePolicy:RolePolicy", "work-durable");
      expect(JSON.parse(policy).Statement).to.deep.equal([checkpoints]);
    });

    it("keeps the alias that it is given, and limits that are known later", async () => {
      const executionTimeout = pulumi.output(99_999_999);
      const { qualifier } = lambda({ durable: { executionTimeout }, alias: { name: "stable" } });
      expect(await resolved(qualifier)).to.equal("stable");
      expect((await inputsOf(functionType)).durableConfig).to.deep.equal({ executionTimeout: 99_999_999 });
    });

    it("has the rights that it needs when the function's own arguments make it durable", async () => {
      lambda({ functionArgs: { durableConfig: { executionTimeout: 60 } } });
      expect((await inputsOf(functionType)).durableConfig).to.deep.equal({ executionTimeout: 60 });
      const { policy } = await inputsOf("aws:iam/rolePolicy:RolePolicy", "work-durable");
      expect(JSON.parse(policy).Statement).to.deep.equal([checkpoints]);
    });
  });

  it("separates tenants, and takes only code that the configuration's publishers signed", async () => {
    const codeSigning = `arn:aws:lambda:eu-west-1:${account}:code-signing-config:csc-0123456789abcdef0`;
    lambda({ tenancy: "PER_TENANT", codeSigning });
    expect(await inputsOf(functionType)).to.deep.include({
      tenancyConfig: { tenantIsolationMode: "PER_TENANT" },
      codeSigningConfigArn: codeSigning,
    });
  });

  it("shares its environments with a URL when told to", async () => {
    lambda({ tenancy: "SHARED", url: {} });
    expect(await inputsOf(functionType)).to.not.have.property("tenancyConfig");
  });

  describe("on managed instances", () => {
    it("runs on Graviton in its own provider, which Lambda may manage", async () => {
      lambda({ capacity: network, tags: { team: "a" } });
      expect(await inputsOf(providerType)).to.deep.equal({
        vpcConfig: network,
        permissionsConfig: {
          capacityProviderOperatorRoleArn: `arn:aws:iam:eu-west-1:${account}:work-operator-1234567`,
        },
        instanceRequirements: [{ architectures: ["arm64"] }],
        capacityProviderScalingConfigs: [{ maxVcpuCount: 400, scalingMode: "Auto" }],
        tags: { team: "a" },
      });
      expect(await inputsOf("aws:iam/rolePolicyAttachment:RolePolicyAttachment")).to.deep.equal({
        role: "work-operator-1234567",
        policyArn: "arn:aws:iam::aws:policy/AWSLambdaManagedEC2ResourceOperator",
      });
      expect(await inputsOf(functionType)).to.deep.include({
        architectures: ["arm64"],
        memorySize: 2048,
        publish: true,
        publishTo: "LATEST_PUBLISHED",
        capacityProviderConfig: {
          lambdaManagedInstancesCapacityProviderConfig: {
            capacityProviderArn: `arn:aws:lambda:eu-west-1:${account}:work-1234567`,
          },
        },
      });
      expect((await resources()).map(({ type }) => type)).to.not.include(scalingType);
    });

    it("passes on how its instances and environments are chosen and scaled", async () => {
      const scaling = { maxVcpus: 64, targetCpuUtilization: 70, minEnvironments: 3, maxEnvironments: 9 };
      const instanceTypes = ["m8g.xlarge", "c8g.*"];
      lambda({ capacity: { ...network, ...scaling, instanceTypes, memoryPerVcpu: 4, maxConcurrency: 10 } });
      const provider = await inputsOf(providerType);
      expect(provider.instanceRequirements).to.deep.equal([
        { architectures: ["arm64"], allowedInstanceTypes: instanceTypes },
      ]);
      const scalingPolicies = [
        { predefinedMetricType: "LambdaCapacityProviderAverageCPUUtilization", targetValue: 70 },
      ];
      expect(provider.capacityProviderScalingConfigs).to.deep.equal([
        { maxVcpuCount: 64, scalingMode: "Manual", scalingPolicies },
      ]);
      const { capacityProviderConfig } = await inputsOf(functionType);
      expect(capacityProviderConfig.lambdaManagedInstancesCapacityProviderConfig).to.include({
        executionEnvironmentMemoryGibPerVcpu: 4,
        perExecutionEnvironmentMaxConcurrency: 10,
      });
      expect(await inputsOf(scalingType)).to.deep.equal({
        functionName: "work-1234567",
        qualifier: "$LATEST.PUBLISHED",
        functionScalingConfig: { minExecutionEnvironments: 3, maxExecutionEnvironments: 9 },
      });
    });

    it("asks for what AWS's model takes", async function () {
      if (!pythonHas("botocore")) this.skip();
      lambda({
        capacity: { ...network, maxVcpus: 64, targetCpuUtilization: 70, maxEnvironments: 9, memoryPerVcpu: 4 },
      });
      const { vpcConfig, instanceRequirements, capacityProviderScalingConfigs } = await inputsOf(providerType);
      const [{ architectures }] = instanceRequirements;
      const [{ maxVcpuCount, scalingMode, scalingPolicies }] = capacityProviderScalingConfigs;
      const [{ predefinedMetricType, targetValue }] = scalingPolicies;
      const { capacityProviderConfig, publish, publishTo } = await inputsOf(functionType);
      const onInstances = capacityProviderConfig.lambdaManagedInstancesCapacityProviderConfig;
      const { qualifier, functionScalingConfig } = await inputsOf(scalingType);
      const provider = {
        CapacityProviderName: "work-1234567",
        VpcConfig: { SubnetIds: vpcConfig.subnetIds, SecurityGroupIds: vpcConfig.securityGroupIds },
        PermissionsConfig: { CapacityProviderOperatorRoleArn: `arn:aws:iam::${account}:role/work-operator` },
        InstanceRequirements: { Architectures: architectures },
        CapacityProviderScalingConfig: {
          MaxVCpuCount: maxVcpuCount,
          ScalingMode: scalingMode,
          ScalingPolicies: [{ PredefinedMetricType: predefinedMetricType, TargetValue: targetValue }],
        },
      };
      const created = {
        FunctionName: "work-1234567",
        Role: `arn:aws:iam::${account}:role/work`,
        Code: {},
        Publish: publish,
        PublishTo: publishTo,
        CapacityProviderConfig: {
          LambdaManagedInstancesCapacityProviderConfig: {
            CapacityProviderArn: onInstances.capacityProviderArn,
            ExecutionEnvironmentMemoryGiBPerVCpu: onInstances.executionEnvironmentMemoryGibPerVcpu,
          },
        },
      };
      const scaled = {
        FunctionName: "work-1234567",
        Qualifier: qualifier,
        FunctionScalingConfig: { MaxExecutionEnvironments: functionScalingConfig.maxExecutionEnvironments },
      };
      const calls: [string, object][] = [
        ["CreateCapacityProvider", provider],
        ["CreateFunction", created],
        ["PutFunctionScalingConfig", scaled],
      ];
      expect(requestMistakes("lambda", calls)).to.equal("");
    });

    it("scales the version of its alias", async () => {
      lambda({ capacity: { ...network, minEnvironments: 1 }, alias: {} });
      expect(await inputsOf(functionType)).to.not.have.property("publishTo");
      expect(await inputsOf(scalingType)).to.include({ qualifier: "1" });
    });

    it("uses a provider that exists", async () => {
      lambda({ capacity: { providerArn }, memorySize: 4096 });
      const { capacityProviderConfig, memorySize } = await inputsOf(functionType);
      const { capacityProviderArn } = capacityProviderConfig.lambdaManagedInstancesCapacityProviderConfig;
      expect([capacityProviderArn, memorySize]).to.deep.equal([providerArn, 4096]);
      expect((await resources()).map(({ type }) => type)).to.not.include(providerType);
    });

    it("mounts a file system without a network of its own", () => {
      const fileSystem = { accessPointArn: "arn:aws:elasticfilesystem:a:1:access-point/b", mountPath: "/mnt/a" };
      expect(mistakes(() => lambda({ capacity: network, fileSystem }))).to.deep.equal([]);
    });
  });

  describe("refuses", () => {
    const durable = { executionTimeout: 60 };
    const cases: [what: string, args: LambdaFunctionArgs, path: string, reason: RegExp][] = [
      [
        "durable execution with a runtime that lacks it",
        { durable, runtime: "python3.12" },
        "runtime",
        /is "python3.12", which has no durable execution; write nodejs22.x, python3.13 or java17, or newer/,
      ],
      ["durable execution with Ruby", { durable, runtime: "ruby3.4" }, "runtime", /has no durable execution/],
      [
        "the function's own durable execution with such a runtime",
        { functionArgs: { durableConfig: durable }, runtime: "nodejs20.x" },
        "runtime",
        /has no durable execution/,
      ],
      [
        "a year and more",
        { durable: { executionTimeout: 31_622_401 } },
        "durable.executionTimeout",
        /31622400 seconds/,
      ],
      ["a long record", { durable: { ...durable, retentionPeriod: 91 } }, "durable.retentionPeriod", /1 to 90 days/],
      [
        "two durable settings",
        { durable, functionArgs: { durableConfig: durable } },
        "functionArgs.durableConfig",
        /is what `durable` sets; write one of them/,
      ],
      ["a tenant's URL", { tenancy: "PER_TENANT", url: {} }, "url", /`tenancy`, as a request to a URL cannot name/],
      [
        "a URL of the function's own tenancy",
        { functionArgs: { tenancyConfig: { tenantIsolationMode: "PER_TENANT" } }, url: {} },
        "url",
        /with `functionArgs.tenancyConfig`/,
      ],
      [
        "environments prepared for nobody",
        { tenancy: "PER_TENANT", alias: { provisionedConcurrency: 1 } },
        "alias.provisionedConcurrency",
        /with `tenancy`; leave it out/,
      ],
      [
        "a snapshot for all tenants",
        { tenancy: "PER_TENANT", functionArgs: { snapStart: { applyOn: "PublishedVersions" } } },
        "functionArgs.snapStart",
        /with `tenancy`/,
      ],
      ["an unknown tenancy", { tenancy: "TENANT" as "PER_TENANT" }, "tenancy", /"SHARED" or "PER_TENANT"/],
      ["another ARN to judge the code", { codeSigning: "arn:aws:signer:a:b:c" }, "codeSigning", /CodeSigningConfig/],
      ["instances without subnets", { capacity: {} }, "capacity.subnetIds", /is missing; write .* `providerArn`/],
      [
        "instances for x86",
        { capacity: network, architecture: "x86_64" },
        "architecture",
        /is "x86_64", but `capacity` is Graviton; write "arm64"/,
      ],
      [
        "types that are not arm64",
        { capacity: { ...network, instanceTypes: ["m8g.large", "m7i.large"] } },
        "capacity.instanceTypes[1]",
        /is "m7i.large", which is not arm64; write m\dg.large/,
      ],
      [
        "patterns that match more than arm64",
        { capacity: { ...network, instanceTypes: ["m7*"] } },
        "capacity.instanceTypes[0]",
        /write a type with Graviton, such as m8g.xlarge/,
      ],
      [
        "types that are both allowed and not",
        { capacity: { ...network, instanceTypes: ["m8g.large"], excludedInstanceTypes: ["m8g.xlarge"] } },
        "capacity.excludedInstanceTypes",
        /write one of them/,
      ],
      [
        "another provider's settings",
        { capacity: { providerArn, maxVcpus: 8 } },
        "capacity.maxVcpus",
        /which `providerArn` names; leave it out/,
      ],
      ["another ARN as a provider", { capacity: { providerArn: "arn" } }, "capacity.providerArn", /capacity provider/],
      ["one vCPU", { capacity: { ...network, maxVcpus: 1 } }, "capacity.maxVcpus", /2 to 15000 vCPUs/],
      [
        "more environments than the most",
        { capacity: { ...network, minEnvironments: 5, maxEnvironments: 4 } },
        "capacity.minEnvironments",
        /from 0 to 4 environments/,
      ],
      [
        "two networks",
        { capacity: network, vpc: network },
        "vpc",
        /with `capacity`, whose instances have a network; write `capacity.subnetIds`/,
      ],
      ["small functions on instances", { capacity: network, memorySize: 1024 }, "memorySize", /is 1024; write 2048 MB/],
      [
        "instances with provisioned concurrency",
        { capacity: network, alias: { provisionedConcurrency: 1 } },
        "alias.provisionedConcurrency",
        /whose environments always run; leave it out/,
      ],
      [
        "instances with a runtime that they lack",
        { capacity: network, runtime: "java17" },
        "runtime",
        /does not run on managed instances; write .*java21, dotnet8 or provided.al2023, or newer/,
      ],
    ];
    for (const [what, args, path, reason] of cases) {
      it(what, async () => {
        const found = mistakes(() => lambda(args));
        expect(found.map(([place]) => place)).to.include(path);
        expect(found.find(([place]) => place === path)?.[1]).to.match(reason);
        expect(await resources()).to.deep.equal([]);
      });
    }

    it("everything at once", () => {
      const instanceTypes = ["m7i.large"];
      const paths = mistakes(() =>
        lambda({
          durable,
          tenancy: "PER_TENANT",
          url: {},
          runtime: "ruby3.4",
          capacity: { instanceTypes },
          vpc: network,
        }),
      ).map(([path]) => path);
      expect(paths).to.have.members([
        ...["runtime", "runtime", "url", "vpc"],
        ...["capacity.subnetIds", "capacity.securityGroupIds", "capacity.instanceTypes[0]"],
      ]);
    });
  });

  it("accepts runtimes that are newer, or unknown", () => {
    for (const runtime of ["nodejs26.x", "python3.15", "java25", "java17.al2023", "custom"]) {
      expect(mistakes(() => lambda({ durable: { executionTimeout: 60 }, runtime }))).to.deep.equal([]);
    }
    for (const runtime of ["dotnet10", "provided.al2023", "java21.al2023", "rust2"]) {
      expect(mistakes(() => lambda({ capacity: network, runtime }))).to.deep.equal([]);
    }
  });
});
