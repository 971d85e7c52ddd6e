// Gives a thread a working directory of its own, although Node.js only has one for the whole process: for relative paths
// in node:fs and node:path, for child processes, process.cwd() and process.chdir(). And gives it an /opt of its own.
const childProcess = require("node:child_process");
const fs = require("node:fs");
const Module = require("node:module");
const path = require("node:path");
const { promisify } = require("node:util");

/** The positions of paths among the arguments of node:fs's functions, in all variants: callback, Sync and promises. */
const FUNCTIONS = {
  0: "access appendFile chmod chown createReadStream createWriteStream exists lchmod lchown lstat lutimes mkdir mkdtemp open openAsBlob opendir readFile readdir readlink realpath rm rmdir stat statfs truncate unlink unwatchFile utimes watch watchFile writeFile copyFile cp link rename",
  // The first argument of symlink is relative to the link.
  1: "copyFile cp link rename symlink",
};

/**
 * Makes a folder the working directory of this thread.
 * @param layers the folder that stands for /opt, in node:fs and require(), if any does
 */
function workIn(folder, layers) {
  let directory = folder;
  process.cwd = () => directory;
  process.chdir = (to) => {
    fs.opendirSync(to).closeSync();
    directory = path.resolve(to);
  };
  const mounted = (file) => (layers && /^\/opt(?:\/|$)/.test(file) ? path.join(layers, file.slice(4)) : file);
  redirectFiles((file) => (isRelative(file) ? path.join(directory, file) : mounted(file)));
  if (layers) redirectModules(mounted);
  redirectChildren();
  Module.syncBuiltinESMExports();
}

function isRelative(file) {
  return typeof file === "string" && file !== "" && !path.isAbsolute(file);
}

function redirectFiles(absolute) {
  const redirect = (owner, name, position) => {
    const original = owner[name];
    if (!original) return;
    const redirected = function (...args) {
      args[position] = absolute(args[position]);
      return original.apply(this, args);
    };
    if (original[promisify.custom]) redirected[promisify.custom] = original[promisify.custom];
    if (original.native) redirected.native = original.native;
    owner[name] = redirected;
  };
  for (const [position, names] of Object.entries(FUNCTIONS)) {
    for (const name of names.split(" ")) {
      redirect(fs, name, position);
      redirect(fs, `${name}Sync`, position);
      redirect(fs.promises, name, position);
    }
  }
  redirect(fs.realpath, "native", 0);
  redirect(fs.realpathSync, "native", 0);
}

function redirectModules(mounted) {
  const original = Module._resolveFilename;
  Module._resolveFilename = (request, ...others) => original(mounted(request), ...others);
}

function redirectChildren() {
  const withDirectory = (options) => ({ ...options, cwd: resolve(options.cwd) });
  const { spawn } = childProcess.ChildProcess.prototype;
  childProcess.ChildProcess.prototype.spawn = function (options) {
    return spawn.call(this, withDirectory(options));
  };
  for (const name of ["spawnSync", "execFileSync", "execSync"]) {
    const original = childProcess[name];
    childProcess[name] = (...args) => {
      const given = args.filter((argument) => argument !== undefined && argument !== null);
      const options = isOptions(given.at(-1)) ? given.pop() : {};
      return original(...given, withDirectory(options));
    };
  }
}

/** @param folder a path, a URL or undefined */
function resolve(folder) {
  return folder instanceof URL ? folder : path.resolve(folder ?? "");
}

function isOptions(argument) {
  return typeof argument === "object" && !Array.isArray(argument);
}

module.exports = { workIn };
