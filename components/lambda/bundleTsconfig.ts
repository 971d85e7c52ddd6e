import * as path from "node:path";
import type { Sources } from "./bundleSources";

/** The parts of a `tsconfig.json` that affect resolution. */
interface Config {
  extends?: string | string[];
  compilerOptions?: { baseUrl?: string; paths?: Record<string, string[]> };
}

/** Where modules whose name matches the pattern may be; a `*` in a place stands for what the pattern's `*` matched. */
interface Mapping {
  pattern: string;
  places: string[];
}

interface Settings {
  mappings: Mapping[];
  baseUrl?: string;
}

const nowhere: Settings = { mappings: [] };

/**
 * Where esbuild looks for modules because of `paths` and `baseUrl` in the nearest `tsconfig.json`.
 * @see https://esbuild.github.io/content-types/#tsconfig-json
 */
export class TsConfigs {
  private readonly read = new Map<string, Settings>();

  /** @param visit is called with every place of an extended file that is tried. */
  constructor(
    private readonly sources: Sources,
    private readonly visit: (place: string) => void,
  ) {}

  /** The places, without extension, of a module that a file in the folder imports. */
  placesOf(folder: string, specifier: string): string[] {
    const { mappings } = this.nearest(folder);
    return mappings.flatMap(({ pattern, places }) => {
      const [before = "", after] = pattern.split("*");
      if (after === undefined) return specifier === pattern ? places : [];
      const isMatch = specifier.startsWith(before) && specifier.endsWith(after);
      const middle = specifier.slice(before.length, specifier.length - after.length);
      return isMatch ? places.map((place) => place.replace("*", () => middle)) : [];
    });
  }

  private nearest(folder: string): Settings {
    const names = this.sources.list(folder)?.names;
    const name = ["tsconfig.json", "jsconfig.json"].find((name) => names?.has(name));
    if (name !== undefined) return this.settingsOf(path.join(folder, name));
    const above = path.dirname(folder);
    return above === folder ? nowhere : this.nearest(above);
  }

  private settingsOf(file: string): Settings {
    const known = this.read.get(file);
    if (known) return known;
    // Set first, because files may extend each other in a circle.
    this.read.set(file, nowhere);
    const { extends: bases = [], compilerOptions: { baseUrl, paths = {} } = {} } = parse(this.sources, file);
    const folder = path.dirname(file);
    const inherited = [bases].flat().flatMap((base) => this.extended(folder, base));
    const root = baseUrl === undefined ? inherited.at(-1)?.baseUrl : path.resolve(folder, baseUrl);
    const own = Object.entries(paths).map(([pattern, places]) => ({
      pattern,
      places: places.map((place) => path.resolve(root ?? folder, place)),
    }));
    const ofRoot = root === undefined ? [] : [{ pattern: "*", places: [path.join(root, "*")] }];
    const mappings = [...own, ...inherited.flatMap((settings) => settings.mappings), ...ofRoot];
    const settings: Settings = { mappings, baseUrl: root };
    this.read.set(file, settings);
    return settings;
  }

  private extended(folder: string, base: string): Settings[] {
    const files = this.sources
      .placesOfModule(folder, base)
      .flatMap((place) => [place, `${place}.json`, `${place}/tsconfig.json`]);
    for (const file of files) this.visit(file);
    const found = files.find((file) => file.endsWith(".json") && this.sources.has(file));
    return found === undefined ? [] : [this.settingsOf(found)];
  }
}

/** Empty if the file is not valid: esbuild reports that. */
function parse(sources: Sources, file: string): Config {
  const text = sources.read(file).toString();
  if (!/\b(?:extends|baseUrl|paths)\b/.test(text)) return {};
  // Loaded here, because few programs need it, and none whose bundles are all in the cache.
  const json5 = require("json5") as typeof import("json5");
  try {
    return json5.parse<Config | null>(text) ?? {};
  } catch {
    return {};
  }
}
