import { statSync } from "node:fs";
import * as path from "node:path";
import type * as pulumi from "@pulumi/pulumi";
import type { BundleArgs } from "../lambda/args";
import { Mistakes } from "../validation";

/** Arguments of {@link JobImage}. */
export interface JobImageArgs {
  /** The TypeScript or JavaScript file to bundle, relative to the program's folder. Give this or `context`. */
  entry?: string;
  /** How to bundle `entry`. */
  bundle?: BundleArgs;
  /** The image that `entry` runs in, for arm64, with Node.js and a user `node`. @default Node.js 24 on Debian, slim */
  baseImage?: string;
  /** A folder with a Dockerfile, relative to the program's folder. Give this or `entry`. */
  context?: string;
  /** Images that are kept, the newest ones, 1–1,000. @default 10 */
  keepImages?: number;
  /** Customer key of the repository. @default AWS's own key for ECR */
  kmsKeyArn?: pulumi.Input<string>;
  /** Delete the repository with its images. @default false */
  forceDelete?: boolean;
  /** Tags of every resource that has them. @default none */
  tags?: pulumi.Input<Record<string, pulumi.Input<string>>>;
}

/** Every mistake in an image's arguments. */
export function checkImage(name: string, args: JobImageArgs): Mistakes {
  const mistakes = new Mistakes();
  // Amazon ECR API, CreateRepository: names are of 2 to 256 characters.
  mistakes.componentName(name, 256, /^[a-z\d]+(?:[._-][a-z\d]+)*$/, "lower-case letters, digits, `.`, `_` and `-`");
  const { entry, context, bundle, baseImage, keepImages } = args;
  if (entry !== undefined && context !== undefined)
    mistakes.add("context", "is there beside `entry`; write one of them");
  if (entry === undefined && context === undefined) {
    mistakes.add("entry", "is missing; write the job's source file, or `context` for a folder with a Dockerfile");
  }
  if (entry !== undefined) {
    const file = path.resolve(entry);
    mistakes.check(isFile(file), "entry", `there is no file ${file}; write a path relative to the program's folder`);
  }
  if (context !== undefined) {
    const file = path.resolve(context, "Dockerfile");
    mistakes.check(isFile(file), "context", `there is no file ${file}; write a folder with a Dockerfile`);
    for (const [key, value] of Object.entries({ bundle, baseImage })) {
      mistakes.check(value === undefined, key, "is for `entry`; leave it out beside `context`");
    }
  }
  mistakes.range(keepImages, "keepImages", 1, 1000);
  return mistakes;
}

function isFile(file: string): boolean {
  return statSync(file, { throwIfNoEntry: false })?.isFile() === true;
}
