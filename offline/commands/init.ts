import * as fs from "node:fs";
import * as path from "node:path";
import { getSystemErrorMap } from "node:util";
import type { Command } from "commander";
import { ProgramError } from "../engine/errors";
import { nearest } from "../engine/nearest";
import { readTemplate, templateNames } from "./templates";
import { upwards, vendor } from "./vendor";

/** @see https://www.pulumi.com/docs/iac/concepts/projects/project-file/ (name) */
const PROJECT_NAME = /^[\w.-]{1,100}$/;

interface Flags {
  name?: string;
  template: string;
  packages?: string;
}

/** Adds the command `init`. */
export function addInit(program: Command): void {
  program
    .command("init [dir]")
    .description("create a Pulumi program from an example in a folder (default: the current one)")
    .option("--name <project>", "the project's name (default: the folder's)")
    .option("--template <name>", "the example to copy", "minimal")
    .option("--packages <dir>", "a folder with the packages' tarballs (default: where pulumi-offline came from)")
    .action((directory: string | undefined, flags: Flags) => init(directory ?? ".", flags));
}

function init(directory: string, flags: Flags): void {
  const target = path.resolve(directory);
  const name = flags.name ?? path.basename(target);
  const known = templateNames().includes(flags.template);
  const template = known ? readTemplate(flags.template, name) : new Map<string, string>();
  const { manifest, tarballs, mistakes } = vendor(template.get("package.json") ?? "", flags.packages);
  const files = new Map<string, string | Buffer>([...template, ...tarballs]);
  if (known) files.set("package.json", manifest);
  const all = [
    ...nameMistakes(name, flags.name === undefined),
    ...(known ? [] : [unknownTemplate(flags.template)]),
    ...mistakes,
    ...placeMistakes(target, [...files.keys()]),
  ];
  if (all.length > 0) throw new ProgramError(all.join("\n"));
  for (const [file, contents] of files) write(path.join(target, file), contents);
  process.stdout.write(`Created ${name} in ${target}. Next:\n${nextSteps(directory, manifest)}`);
}

/**
 * Creates the folders one by one: with `recursive`, Node's mkdirSync never returns on a file system that answers ENOENT
 * although the parent exists, such as /proc.
 * @throws ProgramError when the file or a folder cannot be created
 */
function write(file: string, contents: string | Buffer): void {
  const missing = upwards(path.dirname(file)).filter((folder) => !fs.existsSync(folder));
  try {
    for (const folder of missing.reverse()) fs.mkdirSync(folder);
    fs.writeFileSync(file, contents);
  } catch (error) {
    const { errno = 0, path: place = file, message } = error as NodeJS.ErrnoException;
    const reason = getSystemErrorMap().get(errno)?.[1] ?? message;
    throw new ProgramError(`${place} cannot be created: ${reason}. Choose a folder that you can write to.`);
  }
}

function nextSteps(directory: string, manifest: string): string {
  const { scripts = {} } = JSON.parse(manifest);
  const quoted = directory.includes(" ") ? `"${directory}"` : directory;
  const enter = path.resolve(directory) === process.cwd() ? "" : `cd ${quoted} && `;
  const commands = { start: "npm start", preview: "npm run preview", test: "npm test" };
  const own = Object.entries(commands).flatMap(([script, command]) => (script in scripts ? [command] : []));
  return [`${enter}npm install`, ...own].map((line) => `  ${line}\n`).join("");
}

function nameMistakes(name: string, isFolder: boolean): string[] {
  if (PROJECT_NAME.test(name)) return [];
  const remedy = isFolder ? " Choose another with --name." : "";
  const rule = "which has 1 to 100 letters, digits, hyphens, underscores and periods.";
  return [`"${name}" cannot be a project's name, ${rule}${remedy}`];
}

function unknownTemplate(given: string): string {
  const names = templateNames();
  const meant = nearest(given, names);
  const suggestion = meant === undefined ? "" : ` Did you mean ${meant}?`;
  return `There is no template "${given}".${suggestion} The templates are ${names.join(", ")}.`;
}

/** What keeps the project's files from being written. */
function placeMistakes(target: string, files: string[]): string[] {
  const above = upwards(target).find((folder) => fs.existsSync(folder)) ?? target;
  if (!fs.statSync(above).isDirectory()) return [`${above} is a file: name a folder.`];
  if (!isWritable(above)) return [`You cannot write to ${above}: choose another folder.`];
  const exists = (place: string) => fs.existsSync(path.join(target, place));
  const folders = files.flatMap((file) => upwards(path.dirname(file)));
  const noFolders = folders.filter((folder) => exists(folder) && !fs.statSync(path.join(target, folder)).isDirectory());
  const inTheWay = new Set([...noFolders, ...files.filter(exists)]);
  if (inTheWay.size === 0) return [];
  const list = [...inTheWay].map((file) => `\n  ${file}`).join("");
  return [`${target} has files that init would overwrite. Choose another folder, or move these:${list}`];
}

function isWritable(folder: string): boolean {
  try {
    fs.accessSync(folder, fs.constants.W_OK);
    return true;
  } catch {
    return false;
  }
}
