import type { PolicyResource } from "@pulumi/policy";
import { anyOf, watch } from "./unknowns";
import { holds, known, read } from "./values";

/** The resources of a type. */
export function ofType(resources: PolicyResource[], type: string): PolicyResource[] {
  return resources.filter((resource) => resource.type === type);
}

/** Whether a property's value is still unknown and comes from one of the resources. */
export function isMadeOf(resource: PolicyResource, property: string, sources: PolicyResource[]): boolean {
  const isUnknown = watch(() => read(resource.props, property)).result.some(({ state }) => state === "unknown");
  return isUnknown && behind(resource, property).some(({ urn }) => sources.some((source) => source.urn === urn));
}

/** Whether a property has the same value in two resources. While it is unknown, the resources that it comes from decide. */
export function isShared(one: PolicyResource, other: PolicyResource, property: string): boolean {
  return anyOf(
    () => isMadeOf(one, property, [other, ...behind(other, property)]),
    () => isMadeOf(other, property, [one, ...behind(one, property)]),
    () => {
      const values = known(one.props, property);
      return holds(other.props, property, (value) => values.includes(value));
    },
  );
}

/** The resources that a property's value comes from, or any value beside it in the same property of the resource. */
export function behind(resource: PolicyResource, path: string): PolicyResource[] {
  const [property = ""] = path.split(/[.[{]/);
  return resource.propertyDependencies[property] ?? [];
}
