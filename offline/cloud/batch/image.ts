import * as fs from "node:fs";
import * as path from "node:path";
import type { Graph } from "../../engine/graph";
import { asMap, asStrings, asText, asTexts, ownResources, type Settings } from "../core/resources";

/** A container image that the program builds. */
export interface Image {
  /** The folder of the build context. */
  context: string;
  dockerfile: string;
  /** The stage to build. @default the last one */
  target?: string;
  /** Such as `linux/arm64`. */
  platform?: string;
  /** Values for the Dockerfile's ARGs. */
  buildArgs: Record<string, string>;
  /** The references to the image. */
  references: string[];
}

/** The image with this reference, if the program builds it. */
export function findImage(graph: Graph, reference: string | undefined): Image | undefined {
  return reference ? readImages(graph).find(({ references }) => references.includes(reference)) : undefined;
}

/** The images that the program builds with `awsx.ecr.Image` or the docker-build provider. */
export function readImages(graph: Graph): Image[] {
  const ofAwsx = ownResources(graph, "awsx:ecr:Image").map(({ settings }) =>
    readImage(graph, settings, {
      context: asText(settings.context),
      dockerfile: asText(settings.dockerfile),
      buildArgs: asStrings(settings.args),
      references: asTexts([settings.imageUri]),
    }),
  );
  const ofDocker = ownResources(graph, "docker-build:index:Image").map(({ settings }) =>
    readImage(graph, settings, {
      context: asText(asMap(settings.context).location),
      dockerfile: asText(asMap(settings.dockerfile).location),
      buildArgs: asStrings(settings.buildArgs),
      references: asTexts([settings.ref, ...asTexts(settings.tags)]),
    }),
  );
  return [...ofAwsx, ...ofDocker];
}

type Written = Partial<Pick<Image, "context" | "dockerfile">> & Pick<Image, "buildArgs" | "references">;

function readImage({ workingDirectory }: Graph, settings: Settings, written: Written): Image {
  const { context = ".", dockerfile, ...rest } = written;
  const folder = path.resolve(workingDirectory, context);
  return {
    ...rest,
    context: folder,
    dockerfile: dockerfile ? fromContextOr(workingDirectory, folder, dockerfile) : path.join(folder, "Dockerfile"),
    target: asText(settings.target) || undefined,
    platform: asText(settings.platform) ?? asTexts(settings.platforms)[0],
  };
}

/** Providers resolve the path from the program's folder, but some programs give it relative to the context. */
function fromContextOr(directory: string, context: string, file: string): string {
  const usual = path.resolve(directory, file);
  return fs.existsSync(usual) ? usual : path.resolve(context, file);
}
