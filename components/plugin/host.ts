import type * as pulumi from "@pulumi/pulumi";
import * as provider from "@pulumi/pulumi/provider";
import * as components from "../index";

type Component = new (name: string, args: pulumi.Inputs, opts: pulumi.ComponentResourceOptions) => pulumi.Resource;

/** What the host needs of Pulumi's package schema, which `npm run schema` writes. */
interface PackageSchema {
  resources: Record<string, { properties: object }>;
}

const schema: PackageSchema = require("./schema.json");
const { version } = require("../package.json") as { version: string };

/**
 * Creates components for programs in other languages. The SDK's own host would name the package as npm does, and derive
 * the schema from the sources with every run of such a program. Compiled declarations lack the values of enums.
 */
const host: provider.Provider = {
  version,
  getSchema: async () => JSON.stringify({ ...schema, version }),
  async construct(name, token, inputs, options) {
    const resource = schema.resources[token];
    const type = token.slice(token.lastIndexOf(":") + 1);
    const component = (components as Record<string, unknown>)[type] as Component | undefined;
    if (!resource || !component) {
      throw new Error(
        `graviton has no component ${token}; its components are ${Object.keys(schema.resources).join(", ")}`,
      );
    }
    const instance = new component(name, inputs, options);
    const outputs = Object.keys(resource.properties);
    const state = Object.fromEntries(outputs.map((output) => [output, Reflect.get(instance, output)]));
    return { urn: instance.urn, state };
  },
};

/** Answers Pulumi's requests until the process is ended. The engine's address is the process's first argument. */
export function serve(): Promise<void> {
  return provider.main(host, process.argv.slice(2));
}
