import * as path from "node:path";
import type { Graph } from "../engine/graph";
import { mapTexts } from "../engine/values";

/**
 * The graph as it would be if its program had run in another folder. The path of a folder at the root, such as `/app`, stays,
 * because texts may have it by chance.
 */
export function relocate({ secrets, ...graph }: Graph, from: string, to: string): Graph {
  const isAtRoot = path.dirname(path.dirname(from)) === path.dirname(from);
  if (from === to || isAtRoot) return { secrets, ...graph };
  return { secrets, ...(mapTexts(graph, (text) => text.replaceAll(from, to)) as Omit<Graph, "secrets">) };
}
