import type * as pulumi from "@pulumi/pulumi";
import type { BrokerSecretArgs, BrokerVpcArgs } from "./broker";
import type { RecordEventArgs } from "./records";

/** How Lambda proves to brokers who it is. */
export const KafkaAuthenticationKind = {
  /** SASL/SCRAM with SHA-512. */
  Scram512: "SASL_SCRAM_512_AUTH",
  /** SASL/SCRAM with SHA-256; not for MSK. */
  Scram256: "SASL_SCRAM_256_AUTH",
  /** SASL/PLAIN; not for MSK. */
  Plain: "BASIC_AUTH",
  /** A certificate; the secret contains it and its private key. */
  Certificate: "CLIENT_CERTIFICATE_TLS_AUTH",
} as const;
export type KafkaAuthenticationKind = (typeof KafkaAuthenticationKind)[keyof typeof KafkaAuthenticationKind];

/** How Lambda proves to brokers who it is, and with which secret. */
export interface KafkaAuthenticationArgs extends BrokerSecretArgs {
  /** What the brokers demand. */
  kind: KafkaAuthenticationKind;
}

/**
 * Pollers that always read a topic. Without them (`onDemand`) Lambda does not bound retries.
 * @see AWS Lambda Developer Guide, "Provisioned mode" of Kafka event source mappings
 */
export interface KafkaPollersArgs {
  /** The fewest, 1–200. @minimum 1 @maximum 200 @unit pollers @default 1 */
  minimum?: number;
  /** The most, 1–2,000. @minimum 1 @maximum 2000 @unit pollers @default 200, or `minimum` if that is more */
  maximum?: number;
  /**
   * A name, up to 128 characters, under which mappings in one VPC share the pollers that they pay for.
   * @maxLength 128 @pattern `^[\w-]+$` @write up to 128 letters, digits, `_` and `-` @default its own
   */
  group?: string;
}

/** The records of a topic of Apache Kafka: of a cluster in Amazon MSK, or of brokers elsewhere. */
export interface KafkaEventArgs extends RecordEventArgs {
  /** ARN of the cluster in Amazon MSK. Give this or `bootstrapServers`. */
  clusterArn?: pulumi.Input<string>;
  /** Brokers elsewhere, as `host:port`. Give these or `clusterArn`. @minItems 1 @write brokers such as kafka.example.com:9092 */
  bootstrapServers?: pulumi.Input<string>[];
  /**
   * The topic's name, up to 249 characters. @maxLength 249 @pattern `^[^.][\w.-]+$`
   * @write 2 to 249 letters, digits, `_`, `.` and `-`
   */
  topic: string;
  /**
   * The consumer group that the function joins, 1–200 characters; a change replaces the mapping.
   * @pattern `^[ \w/*:+=.@-]{1,200}$` @write 1 to 200 letters, digits, spaces and any of /*:_+=.@-
   * @default one of its own
   */
  consumerGroupId?: string;
  /** How Lambda proves who it is. @default with the function's role (IAM) for MSK, otherwise not at all */
  authentication?: KafkaAuthenticationArgs;
  /** ARN of the secret with the certificate of the authority that brokers elsewhere trust. @default a public authority */
  rootCertificateSecretArn?: pulumi.Input<string>;
  /** The network in which Lambda reaches brokers elsewhere. @default the internet */
  vpc?: BrokerVpcArgs;
  /** Seconds to wait for a full batch, 0–300. @minimum 0 @maximum 300 @unit seconds @default half a second */
  batchWindow?: number;
  /** Pollers that always read the topic; they are paid by the hour. @default 1 to 200, as the load demands */
  pollers?: KafkaPollersArgs;
  /**
   * Have Lambda start pollers as needed, at no cost. It then retries a batch until its records expire, which blocks their
   * partition: without `retries`, `maximumAge`, `bisect` and `reportBatchItemFailures`. @default false
   */
  onDemand?: boolean;
  /**
   * Records, 1–1,000,000,000, by which reading may lag behind before the function's `alarmTopicArns` are notified.
   * @minimum 1 @maximum 1000000000 @unit records @default 10000
   */
  alarmLag?: number;
}
