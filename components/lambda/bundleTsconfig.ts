import * as path from "node:path";
import { placesOfModule, type Sources } from "./bundleSources";

/** What decides about modules in a `tsconfig.json`. */
interface Config {
  extends?: string | string[];
  compilerOptions?: { baseUrl?: string; paths?: Record<string, string[]> };
}

/** Where modules of a name may be; one `*` in the pattern stands for anything, and in the places for the same. */
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
 * Where `paths` and `baseUrl` of the nearest `tsconfig.json` let esbuild look for modules.
 * @see https://esbuild.github.io/content-types/#tsconfig-json
 */
export class TsConfigs {
  private readonly read = new Map<string, Settings>();

  /** @param visit is told of every place at which an extended file may be. */
  constructor(
    private readonly sources: Sources,
    private readonly visit: (place: string) => void,
  ) {}

  /** The places, without extensions, of a module that files in a folder import. */
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
    // Set first, as files may extend one another in a circle.
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
    const files = placesOfModule(folder, base).flatMap((place) => [place, `${place}.json`, `${place}/tsconfig.json`]);
    for (const file of files) this.visit(file);
    const found = files.find((file) => file.endsWith(".json") && this.sources.has(file));
    return found === undefined ? [] : [this.settingsOf(found)];
  }
}

/** Nothing of what cannot be read: esbuild says what is wrong with it. */
function parse(sources: Sources, file: string): Config {
  // Loaded here, as a program whose bundles are all in the cache needs it not.
  const json5 = require("json5") as typeof import("json5");
  try {
    return json5.parse<Config | null>(sources.read(file).toString()) ?? {};
  } catch {
    return {};
  }
}
