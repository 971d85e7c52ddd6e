import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";

const { resolve } = createRequire(__filename);

/** What `import.meta` is in a bundle, which is CommonJS: about the bundle's own file. */
export const __importMeta = {
  url: pathToFileURL(__filename).href,
  dirname: __dirname,
  filename: __filename,
  resolve: (specifier: string) => pathToFileURL(resolve(specifier)).href,
};
