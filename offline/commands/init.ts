import * as fs from "node:fs";
import * as path from "node:path";
import type { Command } from "commander";
import { parseDocument } from "yaml";
import { ProgramError } from "../engine/errors";

/** The template: in the package, and in the repository, where it is an example. */
const TEMPLATES = [path.join(__dirname, "../template"), path.join(__dirname, "../../examples/minimal")];
/** npm packs no file of this name. */
const RENAMED: Record<string, string> = { gitignore: ".gitignore" };
/** What running a project leaves behind. */
const LEFT_BEHIND = /(^|[\\/])(node_modules|\.cache|\.data|bin)$/;
/** @see https://www.pulumi.com/docs/iac/concepts/projects/project-file/ (name) */
const PROJECT_NAME = /^[\w.-]{1,100}$/;

/** Adds the command `init`. */
export function addInit(program: Command): void {
  program
    .command("init [dir]")
    .description("create a Pulumi program with an API, a table and a function in a folder (default: the current one)")
    .option("--name <project>", "the project's name (default: the folder's)")
    .action((directory: string | undefined, flags: { name?: string }) => init(directory ?? ".", flags.name));
}

function init(directory: string, given: string | undefined): void {
  const target = path.resolve(directory);
  const name = given ?? path.basename(target);
  if (!PROJECT_NAME.test(name)) {
    const remedy = given === undefined ? " Choose another with --name." : "";
    throw new ProgramError(
      `"${name}" cannot be a project's name, which has 1 to 100 letters, digits, hyphens, underscores and periods.${remedy}`,
    );
  }
  const files = readTemplate(name);
  checkPlace(target, [...files.keys()]);
  for (const [file, contents] of files) {
    fs.mkdirSync(path.dirname(path.join(target, file)), { recursive: true });
    fs.writeFileSync(path.join(target, file), contents);
  }
  const quoted = directory.includes(" ") ? `"${directory}"` : directory;
  const enter = target === process.cwd() ? "" : `cd ${quoted} && `;
  const next = [`${enter}npm install`, "npm start", "npm test"];
  process.stdout.write(`Created ${name} in ${target}. Next:\n${next.map((line) => `  ${line}\n`).join("")}`);
}

/** The template's files with the placeholders of `pulumi new` filled in, by path. */
function readTemplate(name: string): Map<string, string> {
  const template = TEMPLATES.find((folder) => fs.existsSync(folder)) ?? "";
  const read = (file: string) => fs.readFileSync(path.join(template, file), "utf8");
  const manifest = parseDocument(read("Pulumi.yaml"));
  const description = String(manifest.getIn(["template", "description"]));
  return new Map(
    filesIn(template).map((file) => {
      const renamed = path.join(path.dirname(file), RENAMED[path.basename(file)] ?? path.basename(file));
      const filled = read(file).replaceAll("${PROJECT}", name).replaceAll("${DESCRIPTION}", description);
      return [renamed, file === "Pulumi.yaml" ? withoutTemplate(filled) : filled];
    }),
  );
}

function filesIn(template: string, folder = ""): string[] {
  return fs.readdirSync(path.join(template, folder), { withFileTypes: true }).flatMap((entry) => {
    const file = path.join(folder, entry.name);
    if (LEFT_BEHIND.test(file)) return [];
    return entry.isDirectory() ? filesIn(template, file) : [file];
  });
}

/** As `pulumi new` writes it: a project is no template itself. */
function withoutTemplate(yaml: string): string {
  const document = parseDocument(yaml);
  document.delete("template");
  return document.toString();
}

/** @throws ProgramError that names everything that is in the way */
function checkPlace(target: string, files: string[]): void {
  const above = [target, ...parents(target)].find((folder) => fs.existsSync(folder)) ?? target;
  if (!fs.statSync(above).isDirectory()) throw new ProgramError(`${above} is a file: name a folder.`);
  const inTheWay = files.filter((file) => fs.existsSync(path.join(target, file)));
  if (inTheWay.length === 0) return;
  const list = inTheWay.map((file) => `\n  ${file}`).join("");
  throw new ProgramError(`${target} has files that init would overwrite. Choose another folder, or move these:${list}`);
}

function parents(folder: string): string[] {
  const parent = path.dirname(folder);
  return parent === folder ? [] : [parent, ...parents(parent)];
}
