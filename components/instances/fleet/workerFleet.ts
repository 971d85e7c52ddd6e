import type * as autoscaling from "@pulumi/aws/autoscaling";
import type * as ec2 from "@pulumi/aws/ec2";
import type * as iam from "@pulumi/aws/iam";
import * as pulumi from "@pulumi/pulumi";
import type { FunctionAccess } from "../../access";
import { closedSecurityGroup } from "../../network/securityGroup";
import { ComponentResource } from "../../resource";
import { type InstanceAccessLevel, instanceAccess } from "../access";
import type { InstanceTagArgs } from "../args";
import type { WorkerFleetArgs } from "./args";
import { checkFleet } from "./checks";
import { createIdentity } from "./identity";
import { createGroup, createInstances, createTemplate, type Surroundings } from "./machines";
import { createGroupNotices, createInstanceAlarms } from "./notices";

/** What `access()` needs; any property of the class, even a private one, would be an output in other languages. */
const targets = new WeakMap<WorkerFleet, { tag: InstanceTagArgs; inGroup: boolean }>();

/**
 * EC2 instances on Graviton for work that takes longer than a function may: an Auto Scaling group, or a number of
 * instances that InstanceSchedule starts and stops. They have encrypted volumes, version 2 of the metadata service,
 * neither public addresses nor key pairs, and a role for what the workers use.
 */
export class WorkerFleet extends ComponentResource<WorkerFleetArgs, WorkerFleet> {
  /** The ARN of the instances' role. */
  declare readonly roleArn: pulumi.Output<string>;
  /** The id of the launch template. */
  declare readonly launchTemplateId: pulumi.Output<string>;
  /** The group's name; absent without `group`. */
  declare readonly groupName?: pulumi.Output<string>;
  /** The ids of the instances; absent with `group`, which launches and ends them by itself. */
  declare readonly instanceIds?: pulumi.Output<string[]>;
  /** What `access("describe")` returns, for other languages. */
  declare readonly describeAccess: FunctionAccess;
  /** What `access("start")` returns, for other languages; absent with `group`. */
  declare readonly startAccess?: FunctionAccess;
  /** What `access("stop")` returns, for other languages; absent with `group`. */
  declare readonly stopAccess?: FunctionAccess;
  /** The launch template itself. */
  declare readonly launchTemplate: ec2.LaunchTemplate;
  /** The instances' role itself. */
  declare readonly role: iam.Role;
  /** The group itself; absent without `group`. */
  declare readonly group?: autoscaling.Group;
  /** The instances themselves; absent with `group`. */
  declare readonly instances?: ec2.Instance[];
  /** The security group that it creates; absent if others were given. */
  declare readonly securityGroup?: ec2.SecurityGroup;

  /** @throws pulumi.InputPropertiesError with every mistake in the arguments, before anything is registered */
  constructor(name: string, args: WorkerFleetArgs, opts?: pulumi.ComponentResourceOptions) {
    const outputs = ["roleArn", "launchTemplateId"] as const;
    const optionalOutputs = ["groupName", "instanceIds"] as const;
    super({ type: "WorkerFleet", rules: checkFleet, outputs, optionalOutputs }, name, args, opts);
  }

  protected create(name: string, args: WorkerFleetArgs, firstName: string): void {
    const opts = { parent: this };
    const { tag, vpcId, tags } = args;
    targets.set(this, { tag, inGroup: args.group !== undefined });
    const description = `Workers of ${name}`;
    if (vpcId) this.set({ securityGroup: closedSecurityGroup(name, { vpcId, description, tags }, opts) });
    const around: Surroundings = {
      identity: createIdentity(name, args, opts),
      securityGroupIds: this.securityGroup ? [this.securityGroup.id] : (args.securityGroupIds ?? []),
      tags: tagsOf(args, firstName),
    };
    const { role } = around.identity;
    const launchTemplate = createTemplate(name, args, around, opts);
    this.set({ role, roleArn: role.arn, launchTemplate, launchTemplateId: launchTemplate.id });
    this.launch(name, args, around);
    this.set({ describeAccess: this.access("describe") });
    if (!args.group) this.set({ startAccess: this.access("start"), stopAccess: this.access("stop") });
  }

  /**
   * What a function needs to use the instances, as the handler of an API does: pass it to a LambdaFunction's `access`.
   * @param levels `describe` to list instances, `start` and `stop` to list them and start or stop those with the tag;
   * several as an array
   * @throws pulumi.RunError on a reference to a component elsewhere, and for `start` and `stop` with `group`
   */
  access(levels: InstanceAccessLevel | InstanceAccessLevel[]): FunctionAccess {
    const target = targets.get(this);
    if (!target) throw new pulumi.RunError("access: call it where the fleet is created, not on a reference to it");
    const wanted = [levels].flat();
    if (target.inGroup && wanted.some((level) => level !== "describe")) {
      const instead = 'write "describe", or `instances` instead of `group`';
      throw new pulumi.RunError(`access: an Auto Scaling group replaces instances that are stopped; ${instead}`);
    }
    return instanceAccess(wanted, target.tag, { parent: this });
  }

  private launch(name: string, args: WorkerFleetArgs, around: Surroundings): void {
    const opts = { parent: this };
    if (args.group) {
      const group = createGroup(name, args.group, args, this.launchTemplate, around, this.guarded());
      this.set({ group, groupName: group.name });
      createGroupNotices(name, group, args, opts);
      return;
    }
    const instances = createInstances(name, args, this.launchTemplate, around, this.guarded());
    this.set({ instances, instanceIds: pulumi.all(instances.map(({ id }) => id)) });
    createInstanceAlarms(instances, name, args, opts);
  }
}

/** The tags of the machines. A fleet that is renamed keeps its machines, and theirs. */
function tagsOf({ tag, tags }: WorkerFleetArgs, firstName: string): pulumi.Output<Record<string, string>> {
  const name: Record<string, string> = { Name: firstName };
  return pulumi.output(tags).apply((own) => ({ ...name, ...own, [tag.key]: tag.value }));
}
