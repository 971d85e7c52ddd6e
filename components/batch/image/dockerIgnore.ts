import * as path from "node:path";

interface Rule {
  pattern: RegExp;
  excludes: boolean;
}

/**
 * The files that a `.dockerignore` excludes from a build context: the last line that matches a path, or a folder above
 * it, decides.
 * @see https://docs.docker.com/build/concepts/context/#dockerignore-files
 */
export class DockerIgnore {
  private readonly rules: Rule[];

  constructor(text: string) {
    const lines = text.split(/\r?\n/).filter((line) => !line.startsWith("#"));
    this.rules = lines.flatMap((line) => readRule(line.trim()));
  }

  /** @param file a path from the context's root, with `/` */
  excludes(file: string): boolean {
    return [...this.rules].reverse().find(({ pattern }) => pattern.test(file))?.excludes ?? false;
  }

  /** True if nothing in the folder can be part of the context, so that it need not be searched. */
  excludesAllOf(folder: string): boolean {
    return this.excludes(folder) && this.rules.every(({ excludes }) => excludes);
  }
}

function readRule(line: string): Rule | [] {
  const excludes = !line.startsWith("!");
  const written = excludes ? line : line.slice(1).trim();
  // Docker treats `/a`, `./a` and `a/` as `a`.
  const glob = path.posix.normalize(`/${written}`).replace(/^\/|\/$/g, "");
  return glob ? { pattern: toRegExp(glob), excludes } : [];
}

/** Like Go's filepath.Match, with `**` for any number of folders. */
function toRegExp(glob: string): RegExp {
  const source = glob.replace(/\*\*\/?|\*|\?|\[(?:\\.|[^\]\\])+\]|\\?(.)/gs, (token, literal, offset) => {
    if (literal !== undefined) return literal.replace(/[\\^$.*+?()[\]{}|]/, "\\$&");
    if (token.startsWith("**")) return offset + token.length < glob.length ? "(?:.*/)?" : ".*";
    if (token === "*") return "[^/]*";
    return token === "?" ? "[^/]" : token;
  });
  return new RegExp(`^${source}(?:/.*)?$`, "s");
}
