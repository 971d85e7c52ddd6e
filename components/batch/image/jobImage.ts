import { LifecyclePolicy, Repository } from "@pulumi/aws/ecr";
import type { Image } from "@pulumi/awsx/ecr/image";
import * as pulumi from "@pulumi/pulumi";
import { fromAwsx } from "../../awsx";
import { Architecture } from "../../lambda/args";
import { hash } from "../../lambda/bundleSources";
import { ComponentResource } from "../../resource";
import type { JobImageArgs } from "./args";
import { checkImage } from "./checks";
import { folderContext, fromProgram, programContext } from "./context";

const defaultBaseImage = "public.ecr.aws/docker/library/node:24-slim";

/** Docker's names for them. */
const platforms = { [Architecture.Arm64]: "linux/arm64", [Architecture.X86]: "linux/amd64" };

/**
 * A container image for arm64, built from TypeScript or from a folder with a Dockerfile, in its own repository:
 * encrypted, scanned on push, with immutable tags. A tag is the component's name and a digest of everything that the
 * image is built from, so the same sources give the same tag on every machine, and different sources a different one.
 * In a `context`, the files' permissions count too, because Docker copies them: Git stores only the executable bit, and
 * the machine's umask decides the rest.
 */
export class JobImage extends ComponentResource<JobImageArgs, JobImage> {
  /** The image's URI, for a job definition. */
  declare readonly imageUri: pulumi.Output<string>;
  /** The repository that it creates; absent if `repositoryUrl` names another one. */
  declare readonly repository?: Repository;

  /** @throws pulumi.InputPropertiesError with every mistake in the arguments, before anything is registered */
  constructor(name: string, args: JobImageArgs, opts?: pulumi.ComponentResourceOptions) {
    super({ type: "JobImage", rules: checkImage, outputs: ["imageUri"] }, name, args, opts);
  }

  protected create(name: string, args: JobImageArgs, firstName: string): void {
    if (args.repositoryUrl === undefined) this.set({ repository: this.createRepository(name, args) });
    const repositoryUrl = args.repositoryUrl ?? this.repository?.repositoryUrl ?? "";
    this.set({ imageUri: this.createImage(name, args, repositoryUrl, firstName).imageUri });
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
      this.guarded(),
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

  private createImage(name: string, args: JobImageArgs, repositoryUrl: pulumi.Input<string>, tagPrefix: string): Image {
    const { entry, context = "", target, buildArgs, architecture = Architecture.Arm64 } = args;
    const { bundle: options = {}, baseImage = defaultBaseImage } = args;
    const platform = platforms[architecture];
    const dockerfile = args.dockerfile === undefined ? undefined : fromProgram(args.dockerfile);
    const built = pulumi.output(
      entry === undefined
        ? folderContext(context, dockerfile)
        : programContext({ entry, baseImage, architecture, options }),
    );
    // Everything that makes docker-build build again is in the tag, because it may not push anything else under an old
    // one.
    const imageTag = pulumi
      .all([built, buildArgs])
      .apply(
        ([files, values]) => `${tagPrefix}-${hash([JSON.stringify([files, dockerfile, target, values, platform])])}`,
      );
    const awsx = fromAwsx(
      "A job's image",
      () => require("@pulumi/awsx/ecr/image") as typeof import("@pulumi/awsx/ecr/image"),
    );
    return new awsx.Image(
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
