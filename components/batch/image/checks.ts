import { readFileSync } from "node:fs";
import * as path from "node:path";
import { checkFile, isFile, isFolder } from "../../files";
import { below, listOf, type Mistakes } from "../../validation";
import type { JobImageArgs } from "./args";

/** Adds every mistake in an image's arguments. */
export function checkImage(mistakes: Mistakes, args: JobImageArgs, name: string): void {
  checkName(mistakes, name, args);
  const { entry, context } = args;
  if (entry !== undefined && context !== undefined)
    mistakes.add("context", "cannot be combined with `entry`; write one of them");
  if (entry === undefined && context === undefined) {
    mistakes.add("entry", "is missing; write the job's source file, or `context` for a folder with a Dockerfile");
  }
  if (entry !== undefined) checkEntry(mistakes, entry, args);
  if (context !== undefined) checkContext(mistakes, context, args);
  checkRepository(mistakes, args);
}

/** Amazon ECR: tags have at most 128 characters. An image's tag is the name, a hyphen and 32 digits. */
const LONGEST_NAME = 95;

function checkName(mistakes: Mistakes, name: string, { repositoryUrl }: JobImageArgs): void {
  const { length } = name;
  mistakes.check(
    length <= LONGEST_NAME,
    "name",
    `"${name}" has ${length} characters; write at most ${LONGEST_NAME}, as image tags begin with it and ECR allows 128`,
  );
  if (repositoryUrl === undefined) {
    // Amazon ECR API, CreateRepository: names have 2 to 256 characters.
    const allowed = "lower-case letters and digits, with `.`, `_`, `__` or any number of `-` between them,";
    mistakes.componentName(name, 256, /^[a-z\d]+(?:(?:[._]|__|-+)[a-z\d]+)*$/, allowed);
  } else mistakes.componentName(name, 256, /^\w[\w.-]*$/, "letters, digits, `.`, `_` and `-`");
}

function checkEntry(mistakes: Mistakes, entry: string, { dockerfile, target, buildArgs }: JobImageArgs): void {
  checkFile(mistakes, entry, "entry");
  refuse(mistakes, { dockerfile, target, buildArgs }, "is for `context`; leave it out with `entry`");
}

function checkContext(mistakes: Mistakes, context: string, args: JobImageArgs): void {
  const { bundle, baseImage, dockerfile, target, buildArgs = {} } = args;
  const file = dockerfile === undefined ? path.resolve(context, "Dockerfile") : path.resolve(dockerfile);
  if (dockerfile !== undefined) {
    mistakes.check(isFolder(context), "context", `there is no folder ${path.resolve(context)}; write an existing one`);
    checkFile(mistakes, file, "dockerfile");
  } else {
    const reason = `there is no file ${file}; write a folder with a Dockerfile, or name the Dockerfile in \`dockerfile\``;
    mistakes.check(isFile(file), "context", reason);
  }
  if (target !== undefined && isFile(file)) checkTarget(mistakes, target, file);
  for (const name of Object.keys(buildArgs)) {
    const reason = "is not the name of an ARG; write letters, digits and `_`, without a digit first";
    mistakes.check(/^[A-Za-z_]\w*$/.test(name), below("buildArgs", name), reason);
  }
  refuse(mistakes, { bundle, baseImage }, "is for `entry`; leave it out with `context`");
}

/** A stage is identified by its name, in any case, or by its number. */
function checkTarget(mistakes: Mistakes, target: string, file: string): void {
  const text = readFileSync(file, "utf8").replace(/\\\r?\n/g, " ");
  const stages = [...text.matchAll(/^\s*FROM\s[^\n]*?(?:\sAS\s+(\S+))?\s*$/gim)];
  const names = stages.map(([, alias], index) => alias ?? String(index));
  const known = [...names, ...stages.keys()].some((name) => String(name).toLowerCase() === target.toLowerCase());
  const where = `${path.relative("", file)} has no such stage`;
  mistakes.check(known, "target", `is "${target}", but ${where}; write ${listOf(names.map((name) => `"${name}"`))}`);
}

function checkRepository(mistakes: Mistakes, args: JobImageArgs): void {
  const { repositoryUrl, keepImages, kmsKeyArn, forceDelete, tags } = args;
  if (repositoryUrl === undefined) return;
  const ofRepository = { keepImages, kmsKeyArn, forceDelete, tags };
  refuse(mistakes, ofRepository, "is for a repository that the component creates; leave it out with `repositoryUrl`");
}

function refuse(mistakes: Mistakes, values: object, reason: string): void {
  for (const [key, value] of Object.entries(values)) mistakes.check(value === undefined, key, reason);
}
