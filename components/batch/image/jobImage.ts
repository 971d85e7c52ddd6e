import { LifecyclePolicy, Repository } from "@pulumi/aws/ecr";
import { Image } from "@pulumi/awsx/ecr/image";
import * as pulumi from "@pulumi/pulumi";
import { Architecture } from "../../lambda/args";
import { hash } from "../../lambda/bundleSources";
import { ComponentResource } from "../../resource";
import type { JobImageArgs } from "./args";
import { checkImage } from "./checks";
import { folderContext, fromProgram, programContext } from "./context";

const defaultBaseImage = "public.ecr.aws/docker/library/node:24-slim";

/** What Docker calls them. */
const platforms = { [Architecture.Arm64]: "linux/arm64", [Architecture.X86]: "linux/amd64" };

/**
 * A container image for arm64, built from TypeScript or from a folder with a Dockerfile, in a repository of its own:
 * encrypted, scanned on push, with tags that never move. A tag is the component's name and a digest of all that the image
 * is built from, so that the same sources give the same tag on every machine, and others another one. Of a `context` the files'
 * permissions count too, as Docker copies them: Git keeps only who may execute, the rest is the machine's umask.
 */
export class JobImage extends ComponentResource<JobImageArgs, JobImage> {
  /** What a job definition names. */
  declare readonly imageUri: pulumi.Output<string>;
  /** The repository of the image's own; absent when `repositoryUrl` names another one. */
  declare readonly repository?: Repository;

  /** @throws pulumi.InputPropertiesError with every mistake in the arguments, before anything is registered */
  constructor(name: string, args: JobImageArgs, opts?: pulumi.ComponentResourceOptions) {
    super({ type: "JobImage", rules: checkImage, outputs: ["imageUri"] }, name, args, opts);
  }

  protected create(name: string, args: JobImageArgs): void {
    if (args.repositoryUrl === undefined) this.set({ repository: this.createRepository(name, args) });
    const repositoryUrl = args.repositoryUrl ?? this.repository?.repositoryUrl ?? "";
    this.set({ imageUri: this.createImage(name, args, repositoryUrl).imageUri });
  }

  private createRepository(name: string, args: JobImageArgs): Repository {
    const { kmsKeyArn, forceDelete, tags, keepImages = 10 } = args;
    const repository = new Repository(
      name,
      {
        imageTagMutability: "IMMUTABLE",
        imageScanningConfiguration: { scanOnPush: true },
        encryptionConfigurations: [{ encryptionType: "KMS", kmsKey: kmsKeyArn }],
        forceDelete,
        tags,
      },
      { parent: this },
    );
    const rule = {
      rulePriority: 1,
      description: `Keeps the newest ${keepImages}`,
      selection: { tagStatus: "any", countType: "imageCountMoreThan", countNumber: keepImages },
      action: { type: "expire" },
    };
    const policy = JSON.stringify({ rules: [rule] });
    new LifecyclePolicy(name, { repository: repository.name, policy }, { parent: this });
    return repository;
  }

  private createImage(name: string, args: JobImageArgs, repositoryUrl: pulumi.Input<string>): Image {
    const { entry, context = "", target, buildArgs, architecture = Architecture.Arm64 } = args;
    const { bundle: options = {}, baseImage = defaultBaseImage } = args;
    const platform = platforms[architecture];
    const dockerfile = args.dockerfile === undefined ? undefined : fromProgram(args.dockerfile);
    const built = pulumi.output(
      entry === undefined
        ? folderContext(context, dockerfile)
        : programContext({ entry, baseImage, architecture, options }),
    );
    // All that makes docker-build build again is in the tag, as it may not push anything else under an old one.
    const imageTag = pulumi
      .all([built, buildArgs])
      .apply(([files, values]) => `${name}-${hash([JSON.stringify([files, dockerfile, target, values, platform])])}`);
    return new Image(
      name,
      {
        repositoryUrl,
        context: built.folder,
        dockerfile,
        target,
        args: buildArgs,
        imageTag,
        platform,
      },
      { parent: this },
    );
  }
}
