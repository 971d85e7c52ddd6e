/**
 * Matches paths as API Gateway does: a literal segment takes precedence over `{name}`, and that over `{name+}`, which
 * matches one segment or more.
 */
export class Router<Resource> {
  private readonly root: Node<Resource> = { literals: new Map() };

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

  /** The most specific resource for a path, with its path parameters as sent. */
  find(path: string): { resource: Resource; parameters: Record<string, string> } | undefined {
    const match = search(this.root, split(path), 0, []);
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

function search<Resource>(
  node: Node<Resource>,
  segments: string[],
  depth: number,
  values: string[],
): { end: End<Resource>; values: string[] } | undefined {
  const segment = segments[depth];
  if (segment === undefined) return node.end && { end: node.end, values };
  const literal = node.literals.get(segment);
  const found =
    (literal && search(literal, segments, depth + 1, values)) ??
    (node.parameter && segment !== "" && search(node.parameter, segments, depth + 1, [...values, segment]));
  if (found) return found;
  return node.greedy && { end: node.greedy, values: [...values, segments.slice(depth).join("/")] };
}
