/**
 * The package's main module. Programs in other languages use the components by way of Pulumi's `run-plugin`, which
 * requires the package's folder: it gets the host, which is no component itself. Everybody else gets the components.
 */
const fs = require("node:fs");
const path = require("node:path");

const isPlugin = /[\\/]run-plugin[\\/]index\.js$/.test(require.main?.filename ?? "");
if (isPlugin) {
  if (!fs.existsSync(path.join(__dirname, "host.js"))) loadTypeScript();
  const { serve } = require("./host");
  serve();
} else {
  module.exports = require("../index");
}

/** `run-plugin` would compile and type-check sources with the settings that it finds in the program's folder. */
function loadTypeScript() {
  const { transformSync } = require("esbuild");
  const options = { loader: "ts", format: "cjs", target: "node20", sourcemap: "inline" };
  require.extensions[".ts"] = (loaded, file) => {
    const { code } = transformSync(fs.readFileSync(file, "utf8"), { ...options, sourcefile: file });
    loaded._compile(code, file);
  };
}
