import { LifecyclePolicy, Repository } from "@pulumi/aws/ecr";
import { Image } from "@pulumi/awsx/ecr/image";
import * as pulumi from "@pulumi/pulumi";
import { checkImage, type JobImageArgs } from "./image/args";
import { folderContext, programContext } from "./image/context";

const defaultBaseImage = "public.ecr.aws/docker/library/node:24-slim";

/**
 * A container image for arm64, built from TypeScript or from a folder with a Dockerfile, in a repository of its own:
 * encrypted, scanned on push, with tags that never move. The tag is a digest of what the image is built from.
 */
export class JobImage extends pulumi.ComponentResource {
  /** What a job definition names. */
  declare readonly imageUri: pulumi.Output<string>;
  /** The repository that the image is in. */
  declare readonly repository: Repository;

  /** @throws pulumi.InputPropertiesError with every mistake in the arguments, before anything is registered */
  constructor(name: string, args: JobImageArgs, opts?: pulumi.ComponentResourceOptions) {
    checkImage(name, args).throwIfAny(JobImage, name);
    super("pulumi-graviton:index:JobImage", name, opts?.urn ? { imageUri: undefined } : {}, opts);
    if (opts?.urn) return;

    this.repository = this.createRepository(name, args);
    this.createLifecycle(name, args);
    this.imageUri = this.createImage(name, args).imageUri;
    this.registerOutputs({ imageUri: this.imageUri });
  }

  private createRepository(name: string, { kmsKeyArn, forceDelete, tags }: JobImageArgs): Repository {
    return new Repository(
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
  }

  private createLifecycle(name: string, { keepImages = 10 }: JobImageArgs): void {
    const rule = {
      rulePriority: 1,
      description: `Keeps the newest ${keepImages}`,
      selection: { tagStatus: "any", countType: "imageCountMoreThan", countNumber: keepImages },
      action: { type: "expire" },
    };
    const policy = JSON.stringify({ rules: [rule] });
    new LifecyclePolicy(name, { repository: this.repository.name, policy }, { parent: this });
  }

  private createImage(name: string, { entry, bundle = {}, baseImage, context = "" }: JobImageArgs): Image {
    const built = pulumi.output(
      entry === undefined ? folderContext(context) : programContext(entry, baseImage ?? defaultBaseImage, bundle),
    );
    return new Image(
      name,
      {
        repositoryUrl: this.repository.repositoryUrl,
        context: built.folder,
        imageTag: built.digest,
        platform: "linux/arm64",
      },
      { parent: this },
    );
  }
}
