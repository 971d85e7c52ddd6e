import type * as lambda from "@pulumi/aws/lambda";
import type * as pulumi from "@pulumi/pulumi";
import type { AccessArgs } from "../access";
import type { LogRetentionDays } from "../observability/retention";
import type { FunctionEventArgs } from "./events/args";
import type { DurableArgs, FunctionCapacityArgs, Tenancy } from "./modeArgs";
import type { UrlArgs } from "./urlArgs";

/** The processor that a function runs on. */
export const Architecture = {
  /** AWS Graviton: a fifth cheaper for each GB-second. */
  Arm64: "arm64",
  /** For code that exists only for x86; the policies report it. */
  X86: "x86_64",
} as const;
export type Architecture = (typeof Architecture)[keyof typeof Architecture];

/** The least severe log lines that are kept. */
export const LogLevel = {
  Trace: "TRACE",
  Debug: "DEBUG",
  Info: "INFO",
  Warn: "WARN",
  Error: "ERROR",
  Fatal: "FATAL",
} as const;
export type LogLevel = (typeof LogLevel)[keyof typeof LogLevel];

/** The kind of module that a bundle is. */
export const BundleFormat = {
  /** Loads faster. */
  CommonJs: "cjs",
  /** Has top-level await. */
  Esm: "esm",
} as const;
export type BundleFormat = (typeof BundleFormat)[keyof typeof BundleFormat];

/** How the source is bundled into one file. */
export interface BundleArgs {
  /**
   * The kind of module. Only ES modules have top-level await; loading one takes 19 % more CPU (measured with a function
   * that uses the AWS SDK). CommonJS in it finds `require`.
   * @default "esm" if the source or a package in it has top-level await, otherwise "cjs"
   */
  format?: BundleFormat;
  /** Packages left out of the bundle, because a layer provides them. @default none */
  external?: string[];
  /** Expressions replaced in the source: name → JavaScript, such as `{ "process.env.STAGE": "\"dev\"" }`. @default none */
  define?: Record<string, string>;
  /**
   * Keep the AWS SDK's full credential chain (profiles, SSO, processes, metadata services). Lambda needs only the
   * environment; leaving out the rest saves 130 KB. @default false
   */
  defaultCredentialChain?: boolean;
  /**
   * Shorten names and leave out white space. `false` makes readable code of 2.3 times the size, which takes 7 % more
   * CPU to load (measured with a function that uses the AWS SDK). @default true
   */
  minify?: boolean;
  /**
   * Keep the `name` of functions and classes, which minification changes, for code that compares it, as in
   * `error.constructor.name`. The bundle is 7 % larger and takes 5 % more CPU to load. @default false
   */
  keepNames?: boolean;
  /**
   * Put the source map into the archive or image and start Node.js with `--enable-source-maps`, so that stack traces in
   * the logs name the lines of the source files. Loading takes 30 % more CPU, the archive is 100 KB larger (zipped), and
   * an edit that only moves lines, such as a comment, deploys the function or builds the image too. @default false
   */
  sourceMap?: boolean;
}

/** A layer, such as an `aws.lambda.LayerVersion` or the result of `aws.lambda.getLayerVersion`. @open */
export interface LayerArgs {
  /** The ARN with its version. */
  arn: pulumi.Input<string>;
  /** The architectures that the layer was built for; the function's must be one of them. @default not checked */
  compatibleArchitectures?: pulumi.Input<pulumi.Input<string>[] | undefined>;
}

/** The network that a function runs in. */
export interface VpcArgs {
  /** Subnets, in two availability zones or more, at most 16. @minItems 1 @maxItems 16 */
  subnetIds: pulumi.Input<pulumi.Input<string>[]>;
  /** Security groups of the function's network interfaces, at most 5. @minItems 1 @maxItems 5 */
  securityGroupIds: pulumi.Input<pulumi.Input<string>[]>;
}

/** The share of a function's calls that a version gets, 0–1. @fractional @minimum 0 @maximum 1 */
export type TrafficShare = number;

/** A version of the function that callers can rely on. */
export interface AliasArgs {
  /**
   * The alias's name. @default "live"
   * @pattern `^(?!\d+$)[\w-]{1,128}$`
   * @write 1 to 128 letters, digits, `_` and `-`, not only digits
   */
  name?: string;
  /** Environments kept warm, 1–100,000. @minimum 1 @maximum 100000 @default none */
  provisionedConcurrency?: number;
  /**
   * A gradual deployment: another version → its share of the calls, 0–1; not with `provisionedConcurrency`.
   * @maxItems 1 @write the share of one version besides the newest
   * @default all calls to the newest version
   */
  routing?: Record<string, TrafficShare>;
}

/** Where an event goes when a function has finally failed on it. */
export interface OnFailureArgs {
  /**
   * ARN of an SQS queue, SNS topic, Lambda function, event bus or S3 bucket. If it is encrypted with a customer key,
   * add the key's use (`kms:GenerateDataKey`, `kms:Decrypt`) to `access`.
   */
  destinationArn: pulumi.Input<string>;
  /** Retries after the first failure, 0–2. @minimum 0 @maximum 2 @default 2 */
  retries?: number;
  /**
   * How old an event may become while it is retried, 60–21,600 seconds. @minimum 60 @maximum 21600 @unit seconds
   * @default 3600
   */
  maximumAge?: number;
}

/** A file system of Amazon EFS or S3 Files. */
export interface FileSystemArgs {
  /** ARN of the access point: `…:elasticfilesystem:…:access-point/fsap-…` or `…:s3files:…/access-point/fsap-…`. */
  accessPointArn: pulumi.Input<string>;
  /**
   * Where it is mounted, `/mnt/…`, up to 160 characters.
   * @maxLength 160 @pattern `^\/mnt\/[\w.-]+$` @write /mnt/ and a name, up to 160 characters
   */
  mountPath: string;
}

/** Arguments of {@link LambdaFunction}. */
export interface LambdaFunctionArgs {
  /** The TypeScript or JavaScript file to bundle, relative to the program's folder. Give this or `code`. */
  entry?: string;
  /** How to bundle `entry`. */
  bundle?: BundleArgs;
  /** Code that is ready to run. Give this or `entry`. */
  code?: pulumi.Input<pulumi.asset.Archive>;
  /** File and export that Lambda calls. @default "index.handler" */
  handler?: string;
  /** The Lambda runtime that runs the code. @default "nodejs24.x" */
  runtime?: string;
  /** The processor. @default "arm64" */
  architecture?: Architecture;
  /** What the function is for, up to 256 characters. @maxLength 256 */
  description?: string;
  /**
   * Memory in MB, 128–10,240, or up to 32,768 with a capacity provider; CPU is allocated in proportion.
   * @minimum 128 @maximum 32768 @unit MB @default 512
   * @write a whole number from 128 to 10240 MB, or up to 32768 MB with a capacity provider
   */
  memorySize?: pulumi.Input<number>;
  /**
   * Seconds until a call is terminated, 1–900, or up to 5,400 with a capacity provider. An API times out after 29.
   * Without a capacity provider, AWS accepts 1,800, but the AWS provider 7.48 refuses more than 900.
   * @minimum 1 @maximum 5400 @unit seconds @default 10
   * @write a whole number from 1 to 900 seconds, or up to 5400 seconds with a capacity provider
   */
  timeout?: pulumi.Input<number>;
  /** Size of /tmp in MB, 512–10,240. @minimum 512 @maximum 10240 @unit MB @default 512 */
  ephemeralStorage?: pulumi.Input<number>;
  /** Environment variables, 4 KB in all; for secrets pass names of parameters or secrets instead. @default none */
  environment?: Record<string, pulumi.Input<string>>;
  /** What the function uses: the results of other components' `access()`. @default nothing */
  access?: pulumi.Input<AccessArgs>[];
  /** Layers, at most 5. @maxItems 5 @default none */
  layers?: LayerArgs[];
  /** The network. @default outside any VPC, which is enough to call AWS services */
  vpc?: VpcArgs;
  /** A file system; it needs `vpc`. @default none */
  fileSystem?: FileSystemArgs;
  /** Trace calls with X-Ray. @default true */
  tracing?: boolean;
  /** Days that logs are kept, one of CloudWatch's choices; 0 keeps them for ever. @default 30 */
  logRetentionDays?: LogRetentionDays;
  /**
   * Least severe lines of the function's own that its log keeps, besides Lambda's report of each call. @default "INFO"
   */
  logLevel?: LogLevel;
  /** Customer key for the environment and the logs; its policy must allow CloudWatch Logs. @default AWS's own keys */
  kmsKeyArn?: pulumi.Input<string>;
  /**
   * A published version with a name, which everything that calls the function then calls.
   * @default the latest code; for a `durable` function, "live"
   */
  alias?: AliasArgs;
  /**
   * Most concurrent calls, 0–100,000, reserved from the account's limit; 0 stops the function.
   * @minimum 0 @maximum 100000
   * @default no limit of its own
   */
  reservedConcurrency?: number;
  /**
   * EC2 instances with Graviton to run on instead of Lambda's own, for steady traffic: handlers then run at the same
   * time in one process. A change from one to the other replaces the function. @default Lambda's own
   */
  capacity?: FunctionCapacityArgs;
  /**
   * Durable execution: the code records its steps, waits without cost and continues after a failure. Adding or removing
   * it replaces the function. @default none
   */
  durable?: DurableArgs;
  /**
   * Whose calls share an execution environment. One for each tenant cannot be combined with `url`, and a change replaces
   * the function. @default "SHARED"
   */
  tenancy?: Tenancy;
  /**
   * ARN of the code signing configuration by which Lambda judges the code. If it enforces signatures, give signed
   * `code`: a bundle of `entry` is not signed. @pattern `^arn:aws[\w-]*:lambda:[\w-]+:\d{12}:code-signing-config:csc-[a-z0-9]{17}$`
   * @write the ARN of an aws.lambda.CodeSigningConfig @default any code
   */
  codeSigning?: pulumi.Input<string>;
  /** An HTTPS address of the function's own, without an API. @default none */
  url?: UrlArgs;
  /**
   * What calls the function: name → one of the sources, such as `stream`, `queue` or `schedule`, with permission or
   * access, bounded retries and a dead letter queue. @default nothing but the API, the URL and other callers
   */
  events?: Record<string, FunctionEventArgs>;
  /**
   * Where asynchronous events go after their final failure.
   * @default the function's own dead letter queue if it has `events` of that kind; otherwise they are dropped after
   * Lambda's own retries
   */
  onFailure?: OnFailureArgs;
  /** ARN of the permissions boundary of the function's role. @default none */
  permissionsBoundary?: pulumi.Input<string>;
  /**
   * SNS topics notified of errors, throttled calls, calls close to the timeout, dead letters and streams read too slowly;
   * an empty list is the same as none. @default none
   */
  alarmTopicArns?: pulumi.Input<string>[];
  /** Tags of every resource that supports them. @default none */
  tags?: pulumi.Input<Record<string, pulumi.Input<string>>>;
  /**
   * Further arguments of the function itself; they override this component's, except what it wires up. @default none
   */
  functionArgs?: Partial<lambda.FunctionArgs>;
}
