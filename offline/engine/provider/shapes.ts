import * as path from "node:path";
import { providerType } from "../urn";
import { bodyOf, InstalledPackages, members, nextOutside } from "./packages";

/** The type of a property, as far as inventing a value needs it. `opaque` is any other type, such as an asset. */
export type Shape =
  | { kind: "string" | "number" | "boolean" | "map" | "opaque" }
  | { kind: "resource"; token: string }
  | { kind: "list"; element: Shape }
  | { kind: "object"; fields(): Field[] };

export interface Field {
  name: string;
  shape: Shape;
  optional: boolean;
  /** True when the program could have set it, so that leaving it out meant "none". */
  configurable: boolean;
}

/** The shapes of types and functions, read from the declaration files of the packages that the program has installed. */
export class Shapes {
  private readonly packages: InstalledPackages;
  private readonly fields = new Map<string, Field[] | undefined>();

  /** @param directory The program's folder, from which its packages are resolved. */
  constructor(directory: string) {
    this.packages = new InstalledPackages(directory);
  }

  /** The outputs of a resource type; undefined when the package is not installed or has no such type. */
  ofResource(token: string): Field[] | undefined {
    return this.remember(token, (text, name) => [
      bodyOf(text, `export declare class ${name} extends`),
      bodyOf(text, `export interface ${name}Args {`),
    ]);
  }

  /** The result of a function; undefined when the package is not installed or has no such function. */
  ofResult(token: string): Field[] | undefined {
    return this.remember(token, (text, name) => {
      const type = name.charAt(0).toUpperCase() + name.slice(1);
      return [bodyOf(text, `export interface ${type}Result {`)];
    });
  }

  private remember(token: string, find: (text: string, name: string) => (string | undefined)[]): Field[] | undefined {
    if (this.fields.has(token)) return this.fields.get(token);
    const [packageName = "", module = "", name = ""] = token.split(":");
    const file = this.declarationFile(packageName, module, name);
    const [body, args] = file === undefined ? [] : find(file, name);
    const given = new Set(members(args ?? "").map((member) => member.name));
    const fields = body === undefined ? undefined : this.toFields(body, packageName, (field) => given.has(field));
    this.fields.set(token, fields);
    return fields;
  }

  private toFields(body: string, packageName: string, isConfigurable: (name: string) => boolean): Field[] {
    return members(body).map(({ name, type, optional }) => {
      const alternatives = splitUnion(unwrap(type, "pulumi.Output"));
      const known = alternatives.filter((alternative) => alternative !== "undefined" && alternative !== "null");
      return {
        name,
        shape: this.shapeOf(known[0] ?? "any", packageName),
        optional: optional || known.length < alternatives.length,
        configurable: isConfigurable(name),
      };
    });
  }

  private shapeOf(type: string, packageName: string): Shape {
    if (type.endsWith("[]")) {
      const [element = "any"] = splitUnion(type.slice(0, -2).replace(/^\((.*)\)$/s, "$1"));
      return { kind: "list", element: this.shapeOf(element, packageName) };
    }
    if (type === "number" || type === "boolean") return { kind: type };
    if (type === "string" || type === "ARN" || type.startsWith("enums.") || type.startsWith('"'))
      return { kind: "string" };
    if (type.startsWith("{")) return { kind: "map" };
    const [, provided] = /^pulumi([A-Z]\w*)\.Provider$/.exec(type) ?? [];
    if (provided) return { kind: "resource", token: providerType(uncapitalized(provided)) };
    const [, foreign, module, name = ""] = /^pulumi([A-Z]\w*)\.(?!types\.)(\w+)\.(\w+)$/.exec(type) ?? [];
    if (foreign)
      return { kind: "resource", token: `${uncapitalized(foreign)}:${module}/${uncapitalized(name)}:${name}` };
    if (type.startsWith("outputs.")) return { kind: "object", fields: () => this.nested(type, packageName) };
    return { kind: "opaque" };
  }

  /** A package keeps its thousands of nested types in one large file, which is read only when one is needed. */
  private nested(type: string, packageName: string): Field[] {
    const key = `${packageName} ${type}`;
    const known = this.fields.get(key);
    if (known) return known;
    const [, ...namespaces] = type.split(".");
    const name = namespaces.pop();
    const text = this.packages.read(packageName, "types/output") ?? "";
    const start = namespaces.reduce((from, space) => text.indexOf(`namespace ${space} {`, from), 0);
    const body = start < 0 ? undefined : bodyOf(text, `interface ${name} {`, start);
    const fields = this.toFields(body ?? "", packageName, () => false);
    this.fields.set(key, fields);
    return fields;
  }

  private declarationFile(packageName: string, module: string, name: string): string | undefined {
    const own = uncapitalized(name);
    const folder = module.replace(/^index\/?/, "");
    for (const file of [folder, path.posix.join(folder, own), own]) {
      const text = file && this.packages.read(packageName, file);
      if (text) return text;
    }
    return undefined;
  }
}

function uncapitalized(name: string): string {
  return name.charAt(0).toLowerCase() + name.slice(1);
}

function splitUnion(type: string, from = 0): string[] {
  const bar = nextOutside("|", type, from);
  const alternative = type.slice(from, bar).trim();
  return bar === undefined ? [alternative] : [alternative, ...splitUnion(type, bar + 1)];
}

function unwrap(type: string, wrapper: string): string {
  return type.startsWith(`${wrapper}<`) && type.endsWith(">") ? type.slice(wrapper.length + 1, -1).trim() : type;
}
