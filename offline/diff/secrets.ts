import type { Graph } from "../engine/graph";
import { isMap, mapValues, Secret, type Value } from "../engine/values";

/** The graph with a text instead of each secret, so that nothing that is read out of its values can contain one. */
export function maskSecrets(graph: Graph): Graph {
  const resources = graph.resources.map((resource) => ({
    ...resource,
    inputs: mapValues(resource.inputs, mask),
    outputs: mapValues(resource.outputs, mask),
  }));
  return { ...graph, resources };
}

function mask(value: Value): Value {
  if (value instanceof Secret) return "[secret]";
  if (Array.isArray(value)) return value.map(mask);
  return isMap(value) ? mapValues(value, mask) : value;
}
