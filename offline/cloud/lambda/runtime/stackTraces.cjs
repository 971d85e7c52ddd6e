// Maps stack traces back to the sources. Node.js can do that too, but it reads each source map together with the code,
// which takes a sixth of a cold start. This reads a map when a stack trace first needs it.
const fs = require("node:fs");
const { SourceMap } = require("node:module");
const path = require("node:path");
const { fileURLToPath, pathToFileURL } = require("node:url");

/** The source maps of the files seen in stack traces so far; undefined for a file without one. */
const maps = new Map();

/** For `Error.prepareStackTrace`. @see https://v8.dev/docs/stack-trace-api */
function formatStack(error, sites) {
  // This method adds the code, as in "TypeError [ERR_INVALID_ARG_TYPE]: …".
  const head = isOfNode(error) ? error.toString() : Error.prototype.toString.call(error);
  return [head, ...sites.map((site, index) => `    at ${formatSite(site, sites[index + 1])}`)].join("\n");
}

function isOfNode(error) {
  const symbols = [error, Object.getPrototypeOf(error) ?? {}].flatMap(Object.getOwnPropertySymbols);
  return symbols.some(({ description }) => description === "kIsNodeError");
}

function formatSite(site, caller) {
  const file = site.getFileName();
  const map = file && mapOf(file);
  const original = map && findCall(map, site);
  if (original?.originalSource === undefined) return String(site);
  const { originalSource, originalLine, originalColumn } = original;
  const source = `${originalSource}:${originalLine + 1}:${originalColumn + 1}`;
  // The original name of a minified function is in the map at its declaration, or where it is called.
  const enclosing = map.findEntry(site.getEnclosingLineNumber() - 1, site.getEnclosingColumnNumber() - 1);
  const name = enclosing.name ?? (caller?.getFileName() === file && findCall(map, caller).name);
  if (name) return `${site.isAsync() ? "async " : ""}${name} (${source})`;
  return String(site).replace(`${file}:${site.getLineNumber()}:${site.getColumnNumber()}`, source);
}

function findCall(map, site) {
  return map.findEntry(site.getLineNumber() - 1, site.getColumnNumber() - 1);
}

function mapOf(file) {
  if (!maps.has(file)) maps.set(file, readMap(file.startsWith("file:") ? fileURLToPath(file) : file));
  return maps.get(file);
}

function readMap(file) {
  try {
    const [, reference] = /.*^\/\/# sourceMappingURL=(\S+)/ms.exec(fs.readFileSync(file, "utf8"));
    const url = new URL(reference, pathToFileURL(file));
    const [, data] = /^data:.*;base64,(.*)$/.exec(url.href) ?? [];
    const map = JSON.parse(data ? Buffer.from(data, "base64") : fs.readFileSync(url, "utf8"));
    const place = path.dirname(data ? file : fileURLToPath(url));
    map.sources = map.sources.map((source) => path.resolve(place, map.sourceRoot ?? "", source));
    return new SourceMap({ ...map, sourceRoot: "" });
  } catch {
    return undefined;
  }
}

module.exports = { formatStack };
