import type * as cloudwatch from "@pulumi/aws/cloudwatch";
import type * as ec2 from "@pulumi/aws/ec2";
import * as emrserverless from "@pulumi/aws/emrserverless";
import type * as iam from "@pulumi/aws/iam";
import * as pulumi from "@pulumi/pulumi";
import type { FunctionAccess } from "../../access";
import { closedSecurityGroup } from "../../network/securityGroup";
import { createLogGroup } from "../../observability/logGroup";
import { ComponentResource, onceReady } from "../../resource";
import {
  type EmrServerlessAccessLevel,
  type EmrServerlessAccessOptions,
  type ServerlessTarget,
  serverlessAccess,
} from "./access";
import { EmrEngine, type EmrServerlessArgs } from "./args";
import { initialCapacities, maximumCapacity } from "./capacity";
import { checkServerless } from "./checks";
import { createServerlessNotices } from "./notices";
import { createJobRole } from "./role";

/** What `access()` needs; any property of the class, even a private one, would be an output in other languages. */
const targets = new WeakMap<EmrServerless, ServerlessTarget>();

/**
 * Spark or Hive on Graviton without machines to manage: an application that starts with the first job and stops when
 * there are none, a limit on its cost, and a role and a log group for its jobs.
 */
export class EmrServerless extends ComponentResource<EmrServerlessArgs, EmrServerless> {
  /** The application's id. */
  declare readonly applicationId: pulumi.Output<string>;
  /** The application's ARN. */
  declare readonly applicationArn: pulumi.Output<string>;
  /** The ARN of the role that jobs run as. */
  declare readonly jobRoleArn: pulumi.Output<string>;
  /** The application itself. */
  declare readonly application: emrserverless.Application;
  /** The role that jobs run as. */
  declare readonly jobRole: iam.Role;
  /** What `access("startJob")` returns, for other languages. */
  declare readonly startJobAccess: FunctionAccess;
  /** What `access("read")` returns, for other languages. */
  declare readonly readAccess: FunctionAccess;
  /** The jobs' logs. */
  declare readonly logGroup: cloudwatch.LogGroup;
  /** The security group of the jobs in a VPC; absent outside of one. */
  declare readonly securityGroup?: ec2.SecurityGroup;

  /** @throws pulumi.InputPropertiesError with every mistake in the arguments, before anything is registered */
  constructor(name: string, args: EmrServerlessArgs, opts?: pulumi.ComponentResourceOptions) {
    const outputs = ["applicationId", "applicationArn", "jobRoleArn"] as const;
    super({ type: "EmrServerless", rules: checkServerless, outputs }, name, args, opts);
  }

  protected create(name: string, args: EmrServerlessArgs): void {
    this.set({ logGroup: createLogGroup(name, "emr-serverless", args, { parent: this }) });
    if (args.vpcId !== undefined) this.set({ securityGroup: this.createSecurityGroup(name, args.vpcId, args) });
    const application = this.createApplication(name, args);
    const { role: jobRole, policy } = createJobRole(name, args, application, this.logGroup, { parent: this });
    // Resources that start jobs are created after the role's policy.
    const jobRoleArn = onceReady(jobRole.arn, [policy]);
    const ids = { applicationId: application.id, applicationArn: application.arn, jobRoleArn };
    this.set({ application, jobRole, ...ids });
    targets.set(this, { ...ids, kmsKeyArn: args.kmsKeyArn });
    this.set({ startJobAccess: this.access("startJob"), readAccess: this.access("read") });
    createServerlessNotices(name, application, args, { parent: this });
  }

  /**
   * What a function needs to use the application: pass it to a LambdaFunction's `access`.
   * @param levels `startJob` to start, read and cancel job runs, `read` to read them; or both as an array
   * @throws pulumi.RunError on a reference to a component that is created elsewhere
   */
  access(
    levels: EmrServerlessAccessLevel | EmrServerlessAccessLevel[],
    options: EmrServerlessAccessOptions = {},
  ): FunctionAccess {
    const target = targets.get(this);
    if (!target)
      throw new pulumi.RunError("access: call it where the application is created, not on a reference to it");
    return serverlessAccess([levels].flat(), target, options);
  }

  private createSecurityGroup(name: string, vpcId: pulumi.Input<string>, { tags }: EmrServerlessArgs) {
    return closedSecurityGroup(name, { vpcId, description: `Jobs of ${name}`, tags }, { parent: this });
  }

  private createApplication(name: string, args: EmrServerlessArgs): emrserverless.Application {
    const { releaseLabel, engine = EmrEngine.Spark, imageUri, configurations, idleMinutes = 15, kmsKeyArn } = args;
    const { scheduler, jobCostAllocation } = args;
    return new emrserverless.Application(
      name,
      {
        // As the provider stores it.
        type: engine.toLowerCase(),
        releaseLabel,
        architecture: "ARM64",
        maximumCapacity: maximumCapacity(args),
        initialCapacities: initialCapacities(args),
        autoStartConfiguration: { enabled: args.autoStart ?? true },
        autoStopConfiguration:
          idleMinutes === 0 ? { enabled: false } : { enabled: true, idleTimeoutMinutes: idleMinutes },
        schedulerConfiguration: scheduler && {
          maxConcurrentRuns: scheduler.maximumRuns ?? 15,
          queueTimeoutMinutes: scheduler.queueTimeoutMinutes ?? 360,
        },
        jobLevelCostAllocationConfiguration:
          jobCostAllocation === undefined ? undefined : { enabled: jobCostAllocation },
        networkConfiguration: this.securityGroup && {
          subnetIds: args.subnetIds,
          securityGroupIds: [this.securityGroup.id],
        },
        imageConfiguration: imageUri === undefined ? undefined : { imageUri },
        runtimeConfigurations:
          configurations &&
          Object.entries(configurations).map(([classification, properties]) => ({ classification, properties })),
        monitoringConfiguration: {
          cloudwatchLoggingConfiguration: {
            enabled: true,
            logGroupName: this.logGroup.name,
            logStreamNamePrefix: "job",
            encryptionKeyArn: kmsKeyArn,
          },
          managedPersistenceMonitoringConfiguration:
            kmsKeyArn === undefined ? undefined : { enabled: true, encryptionKeyArn: kmsKeyArn },
        },
        tags: args.tags,
      },
      this.guarded(),
    );
  }
}
