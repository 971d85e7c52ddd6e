import type * as pulumi from "@pulumi/pulumi";
import type { Architecture, BundleArgs } from "../../lambda/args";

/** Arguments of {@link JobImage}. */
export interface JobImageArgs {
  /** The TypeScript or JavaScript file to bundle, relative to the program's folder. Give this or `context`. */
  entry?: string;
  /** How to bundle `entry`. */
  bundle?: BundleArgs;
  /** The image that `entry` runs in, with Node.js and a user `node`. @default Node.js 24 on Debian, slim */
  baseImage?: string;
  /** A folder with a Dockerfile, relative to the program's folder. Give this or `entry`. */
  context?: string;
  /** The Dockerfile of `context`, relative to the program's folder. @default `Dockerfile` in `context` */
  dockerfile?: string;
  /** The stage of the Dockerfile to build. @default the last one */
  target?: string;
  /**
   * Values for the Dockerfile's ARGs. Anyone who can pull the image can read them: no secrets.
   * @default the Dockerfile's own
   */
  buildArgs?: Record<string, pulumi.Input<string>>;
  /** The processor. @default "arm64" */
  architecture?: Architecture;
  /**
   * An existing private ECR repository, without a tag, such as `123456789012.dkr.ecr.eu-west-1.amazonaws.com/jobs`.
   * @default a new one for this image
   * @pattern `^\d{12}\.dkr[.-]ecr[a-z\d.-]+\/[a-z\d]+(?:(?:[._/]|__|-+)[a-z\d]+)*$`
   * @write a private ECR repository without scheme and tag, such as 123456789012.dkr.ecr.eu-west-1.amazonaws.com/jobs
   * @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/Registries.html
   */
  repositoryUrl?: pulumi.Input<string>;
  /** How many of the newest images are kept, 1–1,000. @minimum 1 @maximum 1000 @unit images @default 10 */
  keepImages?: number;
  /** Customer key of the repository. @default AWS's own key for ECR */
  kmsKeyArn?: pulumi.Input<string>;
  /** Delete the repository with its images. @default false */
  forceDelete?: boolean;
  /** Tags of the repository. @default none */
  tags?: pulumi.Input<Record<string, pulumi.Input<string>>>;
}
