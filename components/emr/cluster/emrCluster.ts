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

/** What `access()` needs; any property of the class, even a private one, would be an output in other languages. */
const targets = new WeakMap<EmrCluster, AccessTarget>();

/**
 * An EMR cluster on Graviton, for Spark, Hive, Trino, HBase and others: in private subnets with closed security groups,
 * encrypted at rest, with roles that allow what EMR needs and what `access` says.
 *
 * Most changes to the arguments need a new cluster, which is created before the old one is deleted. Changes to `steps`
 * never affect an existing cluster, as functions add steps too; nor, with `scaling`, do changes to the numbers of core
 * and task nodes. `pulumi up --refresh` creates a cluster again that has terminated because it was idle.
 *
 * The cluster encrypts what it writes to S3 with its key, which anyone who reads it needs too: if there are others, set
 * `security.kmsKeyArn` to the buckets' own key. EMR Studio is not covered.
 */
export class EmrCluster extends ComponentResource<EmrClusterArgs, EmrCluster> {
  /** The cluster's id. */
  declare readonly clusterId: pulumi.Output<string>;
  /** The cluster's ARN. */
  declare readonly clusterArn: pulumi.Output<string>;
  /** The DNS name of the primary node in the VPC. */
  declare readonly primaryDns: pulumi.Output<string>;
  /** ARN of the key for data at rest. */
  declare readonly kmsKeyArn: pulumi.Output<string>;
  /** ARNs of the roles that steps may run as, by their names. */
  declare readonly runtimeRoleArns: pulumi.Output<Record<string, string>>;
  /** What `access("addSteps")` returns, for other languages; absent with several `security.runtimeRoles`. */
  declare readonly addStepsAccess?: FunctionAccess;
  /** What `access("read")` returns, for other languages. */
  declare readonly readAccess: FunctionAccess;
  /** What `access("terminate")` returns, for other languages. */
  declare readonly terminateAccess: FunctionAccess;
  /** The cluster itself. */
  declare readonly cluster: emr.Cluster;
  /** The role that the nodes run as. */
  declare readonly nodeRole: iam.Role;
  /** The key that it creates; absent if another was given. */
  declare readonly key?: kms.Key;

  /** @throws pulumi.InputPropertiesError with every mistake in the arguments, before anything is registered */
  constructor(name: string, args: EmrClusterArgs, opts?: pulumi.ComponentResourceOptions) {
    const outputs = ["clusterId", "clusterArn", "primaryDns", "kmsKeyArn", "runtimeRoleArns"] as const;
    super({ type: "EmrCluster", rules: checkCluster, outputs }, name, args, opts);
  }

  protected create(name: string, args: EmrClusterArgs): void {
    const own = { parent: this };
    if (args.security?.kmsKeyArn === undefined) {
      const keyArgs = { description: `Data of the cluster ${name}`, tags: args.tags };
      this.set({ key: createKey(name, keyArgs, this.guarded()) });
    }
    const kmsKeyArn = pulumi.output(this.key?.arn ?? args.security?.kmsKeyArn ?? "");
    const identities = createIdentities(name, args, kmsKeyArn, own);
    const securityConfiguration = createSecurityConfiguration(name, args, kmsKeyArn, own);
    const groups = createSecurityGroups(name, args, own);
    const around = { identities, groups, kmsKeyArn, securityConfiguration };
    const cluster = createCluster(name, args, around, this.guarded());
    createTaskNodes(name, args, cluster, own);
    createScaling(name, args, cluster, own);
    const runtimeRoleArns = Object.fromEntries(
      Object.entries(identities.runtimeRoles).map(([role, { arn }]) => [role, arn]),
    );
    const ids = { clusterId: cluster.id, clusterArn: cluster.arn };
    this.set({ cluster, ...ids, primaryDns: cluster.masterPublicDns, nodeRole: identities.nodeRole, kmsKeyArn });
    this.set({ runtimeRoleArns: pulumi.output(runtimeRoleArns) });
    targets.set(this, { ...ids, runtimeRoleArns });
    this.set({
      addStepsAccess: Object.keys(runtimeRoleArns).length > 1 ? undefined : this.access("addSteps"),
      readAccess: this.access("read"),
      terminateAccess: this.access("terminate"),
    });
    createClusterNotices(name, cluster.id, args, own);
  }

  /**
   * What a function needs to use the cluster: pass it to a LambdaFunction's `access`.
   * @param levels `addSteps` to add, follow and cancel steps, `read` to read steps and nodes, `terminate` to read and
   * terminate the cluster; several as an array, so that a function gets the cluster once
   * @throws pulumi.RunError if the runtime role does not exist, or none of several is chosen
   */
  access(levels: EmrAccessLevel | EmrAccessLevel[], options: EmrAccessOptions = {}): FunctionAccess {
    const target = targets.get(this);
    if (!target) throw new pulumi.RunError("access: call it where the cluster is created, not on a reference to it");
    return emrAccess([levels].flat(), target, options);
  }
}
