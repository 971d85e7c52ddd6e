import type { Property, Schema } from "../../../components/schema/schema";
import { createPolicies } from "../../../policies/policies";

/** What one of our arguments, enums or policies' settings accepts. */
export type Bounds = Pick<
  Property,
  "minimum" | "maximum" | "or" | "choices" | "minLength" | "maxLength" | "pattern" | "minItems" | "maxItems"
> & { enum?: string[] };

const keys = ["minimum", "maximum", "or", "choices", "minLength", "maxLength", "pattern", "minItems", "maxItems"];

/** Every limit of the components' arguments and of the policies' settings, by its path. */
export function ourLimits(): Map<string, Bounds> {
  const schema: Schema = require("../../../components/schema/arguments.json");
  const found = new Map<string, Bounds>();
  const add = (path: string, property: object) => {
    const given = Object.entries(property).filter(([key]) => keys.includes(key));
    if (given.length > 0) found.set(path, Object.fromEntries(given));
  };
  const walk = (path: string, property: Property) => {
    add(path, property);
    if (property.items) walk(`${path}[]`, property.items);
    if (property.values) walk(`${path}{}`, property.values);
  };
  for (const [name, type] of Object.entries(schema)) {
    if (type.enum) found.set(name, { enum: type.enum });
    for (const [key, property] of Object.entries(type.properties ?? {})) walk(`${name}.${key}`, property);
  }
  for (const { name, configSchema } of createPolicies()) {
    for (const [key, setting] of Object.entries(configSchema?.properties ?? {})) {
      if (key !== "exemptions") add(`${name}.${key}`, setting);
    }
  }
  return found;
}
