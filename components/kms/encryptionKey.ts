import type * as kms from "@pulumi/aws/kms";
import type * as pulumi from "@pulumi/pulumi";
import { ComponentResource } from "../resource";
import { createKey } from "./key";
import { KeyService, servicesMay } from "./services";

/** Arguments of {@link EncryptionKey}. */
export interface EncryptionKeyArgs {
  /** What it is for. @default the component's name */
  description?: string;
  /**
   * The AWS services that may use the key by themselves, for resources of this account and region. Other services use
   * it with the permissions of their callers. @default CloudWatch Logs and EMR Serverless
   */
  services?: KeyService[];
  /** Tags of the key. @default none */
  tags?: pulumi.Input<Record<string, pulumi.Input<string>>>;
}

/**
 * A customer managed key for data at rest: pass its `keyArn` to buckets, tables, clusters and logs as their
 * `kmsKeyArn`. AWS rotates it each year. Roles of this account may be granted its use, and its policy lets the
 * `services` use it.
 */
export class EncryptionKey extends ComponentResource<EncryptionKeyArgs, EncryptionKey> {
  /** The key's ARN. */
  declare readonly keyArn: pulumi.Output<string>;
  /** The key itself. */
  declare readonly key: kms.Key;

  constructor(name: string, args: EncryptionKeyArgs = {}, opts?: pulumi.ComponentResourceOptions) {
    super({ type: "EncryptionKey", outputs: ["keyArn"] }, name, args, opts);
  }

  protected create(name: string, args: EncryptionKeyArgs): void {
    const { description = name, services = [KeyService.Logs, KeyService.EmrServerless], tags } = args;
    const statements = servicesMay(services, { parent: this });
    const key = createKey(name, { description, statements, tags }, this.guarded());
    this.set({ key, keyArn: key.arn });
  }
}
