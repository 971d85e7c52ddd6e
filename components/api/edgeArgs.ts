import type * as pulumi from "@pulumi/pulumi";

/** How strictly API Gateway checks that a request is meant for the API's endpoint. */
export const EndpointAccessMode = {
  /** Only the TLS policy is enforced. */
  Basic: "BASIC",
  /** The names in the handshake and in the `Host` header must match, and be those of the API's endpoint. */
  Strict: "STRICT",
} as const;
export type EndpointAccessMode = (typeof EndpointAccessMode)[keyof typeof EndpointAccessMode];

/** Whom a domain's clients must be to connect: those with a certificate of an authority that the truststore has. */
export interface MutualTlsArgs {
  /**
   * The object with the authorities' certificates, such as `s3://certificates/truststore.pem`.
   * @pattern `^s3://[^/]+/.+$` @write an object such as s3://certificates/truststore.pem
   */
  truststoreUri: string;
  /** The object's version, of a bucket that keeps versions; without one, a change of the object does nothing. @default none */
  truststoreVersion?: pulumi.Input<string>;
}

/**
 * A domain of an API's own. Either its certificate is given, or its zone, in which the certificate is then validated; with
 * a zone, the domain's records are created there too.
 */
export interface DomainArgs {
  /**
   * The domain's name.
   * @pattern `^(?:\*\.)?(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}$` @write a name in lower case, such as api.example.com
   */
  name: string;
  /** The certificate: of us-east-1 for an `EDGE` API, and of the API's region for all others. @default one is created */
  certificateArn?: pulumi.Input<string>;
  /** The Route 53 zone of the name. @default none, so that the name must be pointed at the API elsewhere */
  zoneId?: pulumi.Input<string>;
  /**
   * The first part of the API's paths at the domain, so that several APIs can share it. @default none
   * @pattern `^[\w$.+!*'()-]+$` @write one part of a path, such as v1
   */
  basePath?: string;
  /**
   * The TLS versions and ciphers that callers may use, as for the API. HTTP and WebSocket APIs have TLS_1_2 only. @default "TLS_1_2"
   * @pattern `^(?:TLS_1_[02]|SecurityPolicy_\w+)$`
   * @write the name of a policy, such as SecurityPolicy_TLS13_1_3_2025_09
   */
  securityPolicy?: string;
  /** How strictly requests must be meant for the domain, as for the API. @default "BASIC" with a newer policy */
  endpointAccessMode?: EndpointAccessMode;
  /** Ask callers for a certificate. Set `disableExecuteApiEndpoint` too, as the other endpoint asks nobody. @default off */
  mutualTls?: MutualTlsArgs;
}

/** A web application firewall in front of a stage: one that is given, or one that is created. */
export interface WebAclArgs {
  /** A regional web ACL that exists. @default one is created */
  webAclArn?: pulumi.Input<string>;
  /**
   * The groups of AWS's rules that refuse requests, by the names that AWS gives them.
   * @default AWSManagedRulesCommonRuleSet (but for its limit of 8 KB on bodies), AWSManagedRulesKnownBadInputsRuleSet and AWSManagedRulesAmazonIpReputationList
   * @see https://docs.aws.amazon.com/waf/latest/developerguide/aws-managed-rule-groups-list.html
   */
  managedRuleGroups?: string[];
  /**
   * Requests of one address in five minutes, 10–2,000,000,000; those beyond are refused. @minimum 10 @maximum 2000000000
   * @unit requests @default no limit
   */
  rateLimit?: number;
}

/** The memory of a stage's cache, in GB. AWS bills it by the hour, used or not. */
export const CacheSize = {
  Gb0_5: "0.5",
  Gb1_6: "1.6",
  Gb6_1: "6.1",
  Gb13_5: "13.5",
  Gb28_4: "28.4",
  Gb58_2: "58.2",
  Gb118: "118",
  Gb237: "237",
} as const;
export type CacheSize = (typeof CacheSize)[keyof typeof CacheSize];

/**
 * A canary: the API's new definition gets a part of the requests, and the stage keeps the deployment that it had before
 * for the others. Leave the argument out again to give all requests the new definition.
 */
export interface CanaryArgs {
  /** The part of the requests that gets the new definition, 0–100. @fractional @minimum 0 @maximum 100 @unit percent */
  percentTraffic: number;
  /** Variables of the stage that have other values in the canary, by name. @default the stage's */
  stageVariables?: Record<string, pulumi.Input<string>>;
}
