import type * as emr from "@pulumi/aws/emr";
import type * as iam from "@pulumi/aws/iam";
import type * as kms from "@pulumi/aws/kms";
import * as pulumi from "@pulumi/pulumi";
import type { FunctionAccess } from "../../access";
import { createKey } from "../../kms/key";
import { ComponentResource } from "../../resource";
import { type AccessTarget, type EmrAccessLevel, type EmrAccessOptions, emrAccess } from "./access";
import type { EmrClusterArgs } from "./args";
import { checkCluster } from "./checks";
import { createCluster } from "./cluster";
import { createSecurityConfiguration } from "./encryption";
import { createIdentities } from "./identities";
import { createScaling, createTaskNodes } from "./nodes";
import { createClusterNotices } from "./notices";
import { createSecurityGroups } from "./securityGroups";

/** What `access()` needs; any property of the class, a private one too, would be an output in other languages. */
const targets = new WeakMap<EmrCluster, AccessTarget>();

/**
 * An EMR cluster on Graviton, for Spark, Hive, Trino, HBase and others: in private subnets with closed security groups,
 * encrypted at rest, with roles that may do what EMR needs and what `access` says.
 *
 * Most changes of the arguments need a new cluster, which is there before the old one goes. Changes of `steps` never do
 * anything to a cluster that is there, as functions add steps too; nor, with `scaling`, do changes of the numbers of core
 * and task nodes. A cluster that has ended for want of work is there again after `pulumi up --refresh`.
 *
 * What the cluster writes to S3 it encrypts with its key, which whoever reads it needs too: where others do, give
 * `security.kmsKeyArn` the buckets' own. EMR Studio is left out.
 */
export class EmrCluster extends ComponentResource<EmrClusterArgs, EmrCluster> {
  /** The cluster's id. */
  declare readonly clusterId: pulumi.Output<string>;
  /** The cluster's ARN. */
  declare readonly clusterArn: pulumi.Output<string>;
  /** The name of the primary node in the VPC. */
  declare readonly primaryDns: pulumi.Output<string>;
  /** ARN of the key of the data at rest. */
  declare readonly kmsKeyArn: pulumi.Output<string>;
  /** ARNs of the roles that steps may run as, by their names. */
  declare readonly runtimeRoleArns: pulumi.Output<Record<string, string>>;
  /** The cluster itself. */
  declare readonly cluster: emr.Cluster;
  /** What the nodes run as. */
  declare readonly nodeRole: iam.Role;
  /** The key of its own; there is none where another was given. */
  declare readonly key?: kms.Key;

  /** @throws pulumi.InputPropertiesError with every mistake in the arguments, before anything is registered */
  constructor(name: string, args: EmrClusterArgs, opts?: pulumi.ComponentResourceOptions) {
    const outputs = ["clusterId", "clusterArn", "primaryDns", "kmsKeyArn", "runtimeRoleArns"] as const;
    super({ type: "EmrCluster", rules: checkCluster, outputs }, name, args, opts);
  }

  protected create(name: string, args: EmrClusterArgs): void {
    const own = { parent: this };
    if (args.security?.kmsKeyArn === undefined) {
      this.set({ key: createKey(name, { description: `Data of the cluster ${name}`, tags: args.tags }, own) });
    }
    const kmsKeyArn = pulumi.output(this.key?.arn ?? args.security?.kmsKeyArn ?? "");
    const identities = createIdentities(name, args, kmsKeyArn, own);
    const securityConfiguration = createSecurityConfiguration(name, args, kmsKeyArn, own);
    const groups = createSecurityGroups(name, args, own);
    const cluster = createCluster(name, args, { identities, groups, kmsKeyArn, securityConfiguration }, own);
    createTaskNodes(name, args, cluster, own);
    createScaling(name, args, cluster, own);
    const runtimeRoleArns = Object.fromEntries(
      Object.entries(identities.runtimeRoles).map(([role, { arn }]) => [role, arn]),
    );
    const ids = { clusterId: cluster.id, clusterArn: cluster.arn };
    this.set({ cluster, ...ids, primaryDns: cluster.masterPublicDns, nodeRole: identities.nodeRole, kmsKeyArn });
    this.set({ runtimeRoleArns: pulumi.output(runtimeRoleArns) });
    targets.set(this, { ...ids, runtimeRoleArns });
    createClusterNotices(name, cluster.id, args, own);
  }

  /**
   * What a function needs to use the cluster: pass it to a LambdaFunction's `access`.
   * @param levels `addSteps` to add, follow and cancel steps, `read` to read about steps and nodes, `terminate` to read
   * and end the cluster; several as an array, so that a function is given the cluster once
   * @throws pulumi.RunError when the cluster has several runtime roles and none is chosen
   */
  access(levels: EmrAccessLevel | EmrAccessLevel[], options: EmrAccessOptions = {}): FunctionAccess {
    const target = targets.get(this);
    if (!target) throw new pulumi.RunError("access: call it where the cluster is made, not on a reference to it");
    return emrAccess([levels].flat(), target, options);
  }
}
