import * as fs from "node:fs";
import * as path from "node:path";
import { getPulumiComponents } from "@pulumi/pulumi/provider/experimental";
import { Analyzer } from "@pulumi/pulumi/provider/experimental/analyzer";
import { generateSchema } from "@pulumi/pulumi/provider/experimental/schema";
import * as components from "../index";
import manifest from "../package.json";
import { packageName } from "../resource";

/** Where the package's schema is kept, from which other languages generate their classes: written by `npm run schema`. */
export const packageSchemaFile = path.join(__dirname, "schema.json");

/**
 * The package's schema as JSON, one resource or type per line, without the version, which the plugin adds.
 * @throws Error for arguments and outputs of types that other languages cannot have
 */
export function generatePackageSchema(): string {
  const names = getPulumiComponents(components).map(({ name }) => name);
  const analyzer = new Analyzer(path.join(__dirname, ".."), packageName, manifest, new Set(names));
  const { components: found, typeDefinitions, dependencies } = analyzer.analyze();
  const schema = generateSchema(packageName, "", manifest.description, found, typeDefinitions, dependencies);
  const { resources, types, version: _, ...rest } = schema;
  return `${JSON.stringify(rest).slice(0, -1)},\n"resources":${lines(resources)},\n"types":${lines(types)}}\n`;
}

function lines(record: object): string {
  const sorted = Object.entries(record).sort(([one], [other]) => (one < other ? -1 : 1));
  return `{\n${sorted.map(([name, value]) => `${JSON.stringify(name)}:${JSON.stringify(value)}`).join(",\n")}\n}`;
}

if (require.main === module) fs.writeFileSync(packageSchemaFile, generatePackageSchema());
