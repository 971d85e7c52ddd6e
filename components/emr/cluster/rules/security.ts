/** What of a cluster's arguments decides on its security configuration. */
export interface SecurityArgs {
  lakeFormation?: boolean;
  kerberos?: { ticketLifetimeHours?: number };
  runtimeRoles?: object;
}

/** What the configuration names, known or to be known. */
export interface SecurityNames<T> {
  /** ARN of the key for data at rest. */
  kmsKeyArn: T;
  /** Where in S3 the zip with certificates is; without, data in transit is not encrypted. */
  certificates?: T;
}

/**
 * A security configuration as EMR takes it in JSON: data at rest is encrypted in S3 and on all disks, IMDSv2 is
 * demanded, and the rest is as asked for.
 * @see Amazon EMR Management Guide, "Create a security configuration"
 */
export function securityConfigurationOf<T>(security: SecurityArgs, names: SecurityNames<T>): object {
  return {
    EncryptionConfiguration: encryption(names),
    InstanceMetadataServiceConfiguration: { MinimumInstanceMetadataServiceVersion: 2, HttpPutResponseHopLimit: 1 },
    ...(security.kerberos && { AuthenticationConfiguration: authentication(security.kerberos) }),
    ...(security.runtimeRoles && { AuthorizationConfiguration: authorization(security) }),
  };
}

function encryption<T>({ kmsKeyArn, certificates }: SecurityNames<T>): object {
  return {
    EnableAtRestEncryption: true,
    AtRestEncryptionConfiguration: {
      S3EncryptionConfiguration: { EncryptionMode: "SSE-KMS", AwsKmsKey: kmsKeyArn },
      LocalDiskEncryptionConfiguration: {
        EncryptionKeyProviderType: "AwsKms",
        AwsKmsKey: kmsKeyArn,
        EnableEbsEncryption: true,
      },
    },
    EnableInTransitEncryption: certificates !== undefined,
    ...(certificates !== undefined && {
      InTransitEncryptionConfiguration: {
        TLSCertificateConfiguration: { CertificateProviderType: "PEM", S3Object: certificates },
      },
    }),
  };
}

function authentication({ ticketLifetimeHours = 24 }: { ticketLifetimeHours?: number }): object {
  return {
    KerberosConfiguration: {
      Provider: "ClusterDedicatedKdc",
      ClusterDedicatedKdcConfiguration: { TicketLifetimeInHours: ticketLifetimeHours },
    },
  };
}

/** @see Amazon EMR Management Guide, "Runtime roles for Amazon EMR steps", "Enable Lake Formation with Amazon EMR" */
function authorization({ lakeFormation }: SecurityArgs): object {
  return {
    IAMConfiguration: { EnableApplicationScopedIAMRole: true },
    ...(lakeFormation && { LakeFormationConfiguration: { AuthorizedSessionTagValue: "Amazon EMR" } }),
  };
}
