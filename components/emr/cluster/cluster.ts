import * as emr from "@pulumi/aws/emr";
import * as pulumi from "@pulumi/pulumi";
import type { EmrClusterArgs } from "./args";
import { folderOf, type Identities } from "./identities";
import { fixedTaskFleet, fleetOf, groupOf, scaledSizes } from "./nodes";
import { applicationsOf } from "./rules/applications";
import { configurationsOf } from "./rules/configurations";
import { idleTimeoutOf } from "./rules/idleTimeout";
import { hasGroups, nodesOf } from "./rules/nodes";
import { managedTags, type SecurityGroups } from "./securityGroups";
import { ActionOnFailure, type EmrStepArgs } from "./stepArgs";

/** The resources that a cluster needs. */
export interface Surroundings {
  identities: Identities;
  groups: SecurityGroups;
  kmsKeyArn: pulumi.Input<string>;
  securityConfiguration: emr.SecurityConfiguration;
}

/**
 * The cluster. Its name is not fixed, so that its replacement is created before it is deleted. What EMR changes by
 * itself, and the steps that functions add, do not count as changes.
 */
export function createCluster(
  name: string,
  args: EmrClusterArgs,
  { identities, groups, kmsKeyArn, securityConfiguration }: Surroundings,
  opts: pulumi.CustomResourceOptions,
): emr.Cluster {
  const { security = {}, highAvailability = false, terminationProtection = highAvailability } = args;
  const idleTimeout = idleTimeoutOf(args);
  const configurations = configurationsOf(args);
  const { kerberos } = security;
  return new emr.Cluster(
    name,
    {
      releaseLabel: args.releaseLabel,
      applications: applicationsOf(args),
      ...instancesOf(args),
      ec2Attributes: {
        instanceProfile: identities.instanceProfile.name,
        ...subnetsOf(args),
        emrManagedMasterSecurityGroup: groups.primary.id,
        emrManagedSlaveSecurityGroup: groups.core.id,
        serviceAccessSecurityGroup: groups.service.id,
      },
      serviceRole: identities.serviceRole.arn,
      securityConfiguration: securityConfiguration.name,
      kerberosAttributes: kerberos && { realm: kerberos.realm, kdcAdminPassword: kerberos.kdcAdminPassword },
      configurationsJson: configurations.length > 0 ? JSON.stringify(configurations) : undefined,
      bootstrapActions: args.bootstrapActions,
      steps: args.steps?.map(stepOf),
      stepConcurrencyLevel: args.stepConcurrency ?? 1,
      keepJobFlowAliveWhenNoSteps: true,
      autoTerminationPolicy: idleTimeout > 0 ? { idleTimeout } : undefined,
      terminationProtection,
      unhealthyNodeReplacement: true,
      placementGroupConfigs: highAvailability ? [{ instanceRole: "MASTER", placementStrategy: "SPREAD" }] : undefined,
      customAmiId: args.imageId,
      ebsRootVolumeSize: args.rootVolumeSize ?? 32,
      logUri: folderOf(args.logUri),
      logEncryptionKmsKeyId: kmsKeyArn,
      tags: managedTags(args),
    },
    {
      ...opts,
      dependsOn: identities.policies,
      ignoreChanges: ["steps", ...ignoredSizes(args)],
      replacementTrigger: fixedTaskFleet(args),
    },
  );
}

function instancesOf(args: EmrClusterArgs) {
  const { primary, core } = nodesOf(args);
  return hasGroups(args)
    ? { masterInstanceGroup: groupOf("primary", primary, args), coreInstanceGroup: groupOf("core", core, args) }
    : { masterInstanceFleet: fleetOf("primary", primary, args), coreInstanceFleet: fleetOf("core", core, args) };
}

function ignoredSizes(args: EmrClusterArgs): string[] {
  const core = hasGroups(args) ? "coreInstanceGroup" : "coreInstanceFleet";
  return scaledSizes(args).map((size) => `${core}.${size}`);
}

function subnetsOf({ subnetIds, ...args }: EmrClusterArgs) {
  return hasGroups(args) ? { subnetId: pulumi.output(subnetIds).apply(([first] = []) => first) } : { subnetIds };
}

function stepOf({ name, command, jar, mainClass, args, actionOnFailure = ActionOnFailure.Continue }: EmrStepArgs) {
  // @see Amazon EMR Release Guide, "Run commands and scripts on an Amazon EMR cluster"
  return {
    name,
    actionOnFailure,
    hadoopJarStep: { jar: jar ?? "command-runner.jar", mainClass, args: command ?? args },
  };
}
