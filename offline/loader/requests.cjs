// Node's way to find the file that a module requests, which looks into a cache first.
"use strict";
const Module = require("node:module");
const path = require("node:path");

const inPackage = (file) => /[\\/]node_modules[\\/]/.test(file);

/** Whether it is being loaded, or was; `createRequire` looks things up for modules that never are. */
const isModule = (parent) => parent?.filename !== undefined && Module._cache[parent.filename] === parent;

/** @param cacheOf Finds the cache for a file */
function resolveWith(resolve, cacheOf) {
  return function (request, parent, isMain, options) {
    const from = parent?.filename;
    // With what it looks up elsewhere, the command would lose its cache at each change of a user's project.
    const isKnowable = isModule(parent) && !options && !path.isAbsolute(request) && !Module.isBuiltin(request);
    if (!isKnowable) return resolve.call(this, request, parent, isMain, options);
    const cache = cacheOf(from);
    const key = `${path.dirname(from)}\n${request}`;
    if (Object.hasOwn(cache.requests, key)) return cache.requests[key];
    watch(cache, from, request);
    const found = resolve.call(this, request, parent, isMain);
    watch(cache, found);
    // A folder with an index gives way to a file of its name.
    const [folder, name] = [path.dirname(found), path.basename(found)];
    if (name.startsWith("index.")) cache.places.add(path.dirname(folder));
    cache.requests[key] = found;
    cache.fresh++;
    return found;
  };
}

/**
 * Watches what decides where requests from this file, and to it, lead: the names in its folder, and the packages and
 * manifests of all folders above. A package may be a link, whose target says nothing of the scope's folder that it is in.
 */
function watch({ basis, places }, file, request = "") {
  let folder = path.dirname(file);
  const [scope] = /^@[^/]+/.exec(request) ?? [];
  places.add(folder);
  for (;;) {
    // It also says what kind of modules the files are.
    const manifest = path.join(folder, "package.json");
    const packages = path.join(folder, "node_modules");
    // Then all above is watched, too.
    if (!scope && manifest in basis.taken && packages in places.taken) return;
    basis.add(manifest);
    places.add(packages);
    if (scope && places.taken[packages]) places.add(path.join(packages, scope));
    const above = path.dirname(folder);
    if (above === folder) return;
    // A package, or a scope of packages, may be replaced as a whole.
    if (/[\\/]node_modules(?:[\\/]@[^\\/]+)?$/.test(above)) places.add(above);
    folder = above;
  }
}

module.exports = { inPackage, isModule, resolveWith, watch };
