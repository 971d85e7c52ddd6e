/** Loaded by mocha in all its processes: what tests run keeps its caches in this repository, not in the developer's own folder. */
const path = require("node:path");

const caches = path.resolve(__dirname, "../../.cache/tests");
process.env.XDG_CACHE_HOME = caches;
if (process.platform === "win32") process.env.LOCALAPPDATA = caches;
