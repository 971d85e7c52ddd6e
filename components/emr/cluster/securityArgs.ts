import type * as pulumi from "@pulumi/pulumi";
import type { AccessArgs } from "../../access";
import type { KmsKeyArn } from "../../kms/keyArn";
import type { S3File } from "../formats";

/** Kerberos with a key distribution centre on the primary node. */
export interface EmrKerberosArgs {
  /**
   * The realm, in capitals such as `EXAMPLE.COM`.
   * @pattern `^[A-Z0-9][A-Z0-9-]*(?:\.[A-Z0-9-]+)*$` @write a domain in capitals, such as EXAMPLE.COM
   */
  realm: string;
  /** The password of its administrator; make it a secret. @minLength 1 @write a secret */
  kdcAdminPassword: pulumi.Input<string>;
  /** Hours that a ticket is valid, 1 or more. @minimum 1 @unit hours @default 24 */
  ticketLifetimeHours?: number;
}

/** How a cluster is secured. Data at rest is always encrypted and IMDSv2 always required. */
export interface EmrSecurityArgs {
  /** Key for data at rest, in S3 and on the disks. @default one of the cluster's own, rotated each year */
  kmsKeyArn?: pulumi.Input<KmsKeyArn>;
  /**
   * The S3 address of a zip with PEM certificates, `s3://BUCKET/certificates.zip`, which encrypt the traffic between
   * the nodes.
   * @default not encrypted
   */
  certificates?: pulumi.Input<S3File>;
  /** Let Lake Formation decide who sees which parts of the tables. @default false */
  lakeFormation?: boolean;
  /** Kerberos. @default none */
  kerberos?: EmrKerberosArgs;
  /**
   * Roles that steps may run as, by name, instead of the nodes' own: name → what such steps use. @default none
   * @minItems 1 @write the names of roles and what each may use, or leave it out
   */
  runtimeRoles?: Record<string, pulumi.Input<AccessArgs>[]>;
}
