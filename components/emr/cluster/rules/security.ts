/** The arguments that determine a cluster's security configuration. */
export interface SecurityArgs {
  lakeFormation?: boolean;
  kerberos?: { ticketLifetimeHours?: number };
  runtimeRoles?: object;
}

/** The names in the configuration, known now or later. */
export interface SecurityNames<T> {
  /** ARN of the key for data at rest. */
  kmsKeyArn: T;
  /** The S3 address of the zip with certificates; without it, data in transit is not encrypted. */
  certificates?: T;
}

/**
 * A security configuration in EMR's JSON form: data at rest is encrypted in S3 and on all disks, IMDSv2 is required,
 * and the rest follows the arguments.
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
