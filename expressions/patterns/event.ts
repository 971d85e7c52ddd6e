import { type Json, type JsonLeaf, JsonObject, readJson } from "./json";

/** An element of an array; the event's arrays are numbered. */
interface Element {
  array: number;
  index: number;
}

/** The elements that a value lies in, from the outermost. */
export type Membership = readonly Element[];

/** A value that is neither an object nor an array. */
export interface Value {
  leaf: JsonLeaf;
  membership: Membership;
}

/** An event as patterns see it: its values by their dotted paths. Objects and empty arrays are not values. */
export class MatchableEvent {
  private readonly values = new Map<string, Value[]>();
  private arrays = 0;

  constructor(event: JsonObject) {
    this.addObject(event, undefined, []);
  }

  at(path: string): Value[] {
    return this.values.get(path) ?? [];
  }

  private addObject(object: JsonObject, path: string | undefined, membership: Membership): void {
    // The last member of a name counts.
    for (const [name, value] of new Map(object.members))
      this.add(value, path === undefined ? name : `${path}.${name}`, membership);
  }

  private add(value: Json, path: string, membership: Membership): void {
    if (value instanceof JsonObject) this.addObject(value, path, membership);
    else if (Array.isArray(value)) this.addArray(value, path, membership);
    else this.addValue(path, { leaf: value, membership });
  }

  private addValue(path: string, value: Value): void {
    const values = this.values.get(path);
    if (values) values.push(value);
    else this.values.set(path, [value]);
  }

  private addArray(items: Json[], path: string, membership: Membership): void {
    const array = this.arrays++;
    items.forEach((item, index) => {
      // Values directly in an array belong to all of it, so that several patterns may match different ones.
      const isNested = Array.isArray(item) || item instanceof JsonObject;
      this.add(item, path, isNested ? [...membership, { array, index }] : membership);
    });
  }
}

/**
 * Reads an event, for several patterns to match.
 * @param event JSON, or what `JSON.stringify` makes JSON of
 * @throws SyntaxError if it is not a JSON object
 */
export function readEvent(event: string | object): MatchableEvent {
  const json = readJson(event);
  if (!(json instanceof JsonObject)) throw new SyntaxError("The event is not a JSON object");
  return new MatchableEvent(json);
}

/** Both memberships together, or undefined if they are in different elements of the same array. */
export function joined(some: Membership, more: Membership): Membership | undefined {
  if (more.length === 0) return some;
  const added: Element[] = [];
  for (const element of more) {
    const known = some.find(({ array }) => array === element.array);
    if (!known) added.push(element);
    else if (known.index !== element.index) return undefined;
  }
  return added.length === 0 ? some : [...some, ...added];
}
