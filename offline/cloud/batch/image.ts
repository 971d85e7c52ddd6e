import * as fs from "node:fs";
import * as path from "node:path";
import type { Graph } from "../../engine/graph";
import { asMap, asText, asTexts, ownResources, type Settings } from "../resources";

/** A container image that the program builds. */
export interface Image {
  /** The folder of the build context. */
  context: string;
  dockerfile: string;
  /** The stage to build; the last one otherwise. */
  target?: string;
  /** Such as `linux/arm64`. */
  platform?: string;
}

/** The image that the program builds and refers to so, from `awsx.ecr.Image` or the docker-build provider. */
export function findImage(graph: Graph, reference: string): Image | undefined {
  if (!reference) return undefined;
  for (const { settings } of ownResources(graph, "awsx:ecr:Image")) {
    if (settings.imageUri === reference) return readImage(graph, settings, settings.context, settings.dockerfile);
  }
  for (const { settings } of ownResources(graph, "docker-build:index:Image")) {
    if (settings.ref !== reference && !asTexts(settings.tags).includes(reference)) continue;
    return readImage(graph, settings, asMap(settings.context).location, asMap(settings.dockerfile).location);
  }
  return undefined;
}

function readImage({ directory }: Graph, settings: Settings, context: unknown, dockerfile: unknown): Image | undefined {
  const folder = path.resolve(directory, asText(context) ?? ".");
  const file = asText(dockerfile);
  const target = asText(settings.target);
  const platform = asText(settings.platform) ?? asTexts(settings.platforms)[0];
  return {
    context: folder,
    dockerfile: file ? fromContextOr(directory, folder, file) : path.join(folder, "Dockerfile"),
    ...(target && { target }),
    ...(platform && { platform }),
  };
}

/** The providers take it from the program's folder; with `docker build` in mind, some give it from the context. */
function fromContextOr(directory: string, context: string, file: string): string {
  const usual = path.resolve(directory, file);
  return fs.existsSync(usual) ? usual : path.resolve(context, file);
}
