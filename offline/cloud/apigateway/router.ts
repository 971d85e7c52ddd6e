/**
 * Matches paths as API Gateway does: a literal segment takes precedence over `{name}`, and that over `{name+}`, which
 * matches one segment or more.
 */
export class Router<Resource> {
  private readonly root: Node<Resource> = { literals: new Map() };

  /** @param options REST APIs ignore a slash at the end of a path, HTTP APIs do not. */
  constructor(private readonly options: { keepsTrailingSlash?: boolean } = {}) {}

  add(path: string, resource: Resource): void {
    let node = this.root;
    for (const segment of split(path)) {
      if (/^\{[^}]+\+\}$/.test(segment)) {
        node.greedy = { names: namesOf(path), resource };
        return;
      }
      node = segment.startsWith("{") ? parameterOf(node) : literalOf(node, segment);
    }
    node.end = { names: namesOf(path), resource };
  }

  /** The most specific acceptable resource for a path, with its path parameters as sent. */
  find(
    path: string,
    accepts: (resource: Resource) => boolean = () => true,
  ): { resource: Resource; parameters: Record<string, string> } | undefined {
    const segments = split(path);
    if (this.options.keepsTrailingSlash && path.length > 1 && path.endsWith("/")) segments.push("");
    const match = search(this.root, { segments, accepts }, 0, []);
    if (!match) return undefined;
    const { end, values } = match;
    return {
      resource: end.resource,
      parameters: Object.fromEntries(end.names.map((name, index) => [name, values[index] ?? ""])),
    };
  }
}

interface End<Resource> {
  names: string[];
  resource: Resource;
}

interface Node<Resource> {
  literals: Map<string, Node<Resource>>;
  parameter?: Node<Resource>;
  greedy?: End<Resource>;
  end?: End<Resource>;
}

/** A trailing slash makes no difference. */
function split(path: string): string[] {
  return path
    .replace(/^\/|\/$/g, "")
    .split("/")
    .filter((segment, _index, all) => segment !== "" || all.length > 1);
}

function namesOf(path: string): string[] {
  return [...path.matchAll(/\{([^}+]+)\+?\}/g)].map(([, name = ""]) => name);
}

function parameterOf<Resource>(node: Node<Resource>): Node<Resource> {
  node.parameter ??= { literals: new Map() };
  return node.parameter;
}

function literalOf<Resource>(node: Node<Resource>, segment: string): Node<Resource> {
  const child = node.literals.get(segment) ?? { literals: new Map() };
  node.literals.set(segment, child);
  return child;
}

interface Wanted<Resource> {
  segments: string[];
  accepts(resource: Resource): boolean;
}

function search<Resource>(
  node: Node<Resource>,
  wanted: Wanted<Resource>,
  depth: number,
  values: string[],
): { end: End<Resource>; values: string[] } | undefined {
  const { segments, accepts } = wanted;
  const segment = segments[depth];
  if (segment === undefined) return node.end && accepts(node.end.resource) ? { end: node.end, values } : undefined;
  const literal = node.literals.get(segment);
  const found =
    (literal && search(literal, wanted, depth + 1, values)) ??
    (node.parameter && segment !== "" && search(node.parameter, wanted, depth + 1, [...values, segment]));
  if (found) return found;
  const isEmpty = segment === "" && depth === wanted.segments.length - 1;
  if (!node.greedy || isEmpty || !accepts(node.greedy.resource)) return undefined;
  return { end: node.greedy, values: [...values, segments.slice(depth).join("/")] };
}
