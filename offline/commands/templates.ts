import * as fs from "node:fs";
import * as path from "node:path";
import { parseDocument } from "yaml";

const INSTALLED = path.join(__dirname, "../templates");
const REPOSITORY = path.join(__dirname, "../..");

/** The repository, if this is its source code; undefined in an installed package. */
export const repository = fs.existsSync(INSTALLED) ? undefined : REPOSITORY;

/** The templates are the repository's examples. */
const TEMPLATES = repository === undefined ? INSTALLED : path.join(repository, "examples");

/** npm packs no file of this name. */
const RENAMED: Record<string, string> = { gitignore: ".gitignore" };
/** What trying out a template in its own folder leaves behind: installations, results, and what is private. */
const LEFT_BEHIND = [
  /^(node_modules|vendor|sdks|\.?venv|__pycache__)$/,
  /^(package-lock\.json|npm-shrinkwrap\.json|pnpm-lock\.yaml|yarn\.lock|bun\.lockb?)$/,
  /^(\.cache|\.data|bin|dist|coverage|\.nyc_output|.*\.(log|pyc|tgz|tsbuildinfo))$/,
  /^(\.env(\..*)?|\.DS_Store|\.git|\.idea)$/,
];

export function templateNames(): string[] {
  return fs.readdirSync(TEMPLATES).filter((name) => fs.existsSync(path.join(TEMPLATES, name, "Pulumi.yaml")));
}

/** A template's files with the placeholders of `pulumi new` filled in, by path. */
export function readTemplate(template: string, name: string): Map<string, string> {
  const folder = path.join(TEMPLATES, template);
  const read = (file: string) => fs.readFileSync(path.join(folder, file), "utf8");
  const description = String(parseDocument(read("Pulumi.yaml")).getIn(["template", "description"]));
  return new Map(
    filesIn(folder).map((file) => {
      const renamed = path.join(path.dirname(file), RENAMED[path.basename(file)] ?? path.basename(file));
      const filled = read(file).replaceAll("${PROJECT}", name).replaceAll("${DESCRIPTION}", description);
      return [renamed, file === "Pulumi.yaml" ? withoutTemplate(filled) : filled];
    }),
  );
}

/** The paths of a folder's own files, relative to it. */
export function filesIn(root: string, folder = ""): string[] {
  return fs.readdirSync(path.join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const file = path.join(folder, entry.name);
    if (LEFT_BEHIND.some((pattern) => pattern.test(entry.name))) return [];
    return entry.isDirectory() ? filesIn(root, file) : [file];
  });
}

/** As `pulumi new` writes it: a project is not a template itself. */
function withoutTemplate(yaml: string): string {
  const document = parseDocument(yaml);
  document.delete("template");
  return document.toString();
}
