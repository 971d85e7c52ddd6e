import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";

const { resolve } = createRequire(__filename);

/** Stands in for `import.meta` in a bundle, which is CommonJS: it describes the bundle's own file. */
export const __importMeta = {
  url: pathToFileURL(__filename).href,
  dirname: __dirname,
  filename: __filename,
  resolve: (specifier: string) => pathToFileURL(resolve(specifier)).href,
};
