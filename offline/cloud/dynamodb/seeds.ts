import * as fs from "node:fs/promises";
import * as path from "node:path";
import { nearest } from "../../engine/nearest";
import { isMap, type Settings } from "../core/resources";
import type { TableModel } from "./tables/schema";

/** Items for a table that does not exist yet. */
interface Seed {
  /** The table's name in AWS, or that of its resource in the program. */
  table: string;
  file: string;
  items: Settings[];
}

/** The items that new tables begin with. */
export class Seeds {
  private constructor(
    private readonly seeds: Seed[],
    private readonly mistakes: string[],
  ) {}

  /** @param place a JSON file, or a folder of them. @default no seeds */
  static async read(place?: string): Promise<Seeds> {
    const seeds: Seed[] = [];
    const mistakes: string[] = [];
    if (place === undefined) return new Seeds(seeds, mistakes);
    const files = await listFiles(place).catch(({ code, message }: NodeJS.ErrnoException) => {
      const reason = code === "ENOENT" ? "there is no such file or folder" : message;
      mistakes.push(`The seeds in ${place} cannot be read: ${reason}.`);
    });
    if (files?.length === 0) mistakes.push(`The folder ${place} has no seeds: name a file TABLE.json.`);
    for (const file of files ?? []) {
      try {
        seeds.push(...seedsIn(file, JSON.parse(await fs.readFile(file, "utf8"))));
      } catch (error) {
        mistakes.push(`${file}: ${(error as Error).message}`);
      }
    }
    return new Seeds(seeds, mistakes);
  }

  /** What is wrong with the files, and with the tables that they name. */
  check(models: TableModel[]): string[] {
    const known = models.flatMap(({ resource, input }) => [resource, input.TableName]);
    const unknown = this.seeds.flatMap(({ file, table }) => {
      const named = models.filter((model) => isNamed(model, table));
      if (named.length === 1) return [];
      if (named.length > 1) {
        const names = named.map(({ input }) => input.TableName).join(" or ");
        return [`${file}: the program has ${named.length} tables "${table}". Write ${names} instead.`];
      }
      const meant = nearest(table, known);
      const tables = models.map(({ resource }) => resource).join(", ") || "none";
      const hint = meant ? `Did you mean ${meant}?` : `The program's tables: ${tables}.`;
      return [`${file}: the program has no table "${table}". ${hint}`];
    });
    return [...this.mistakes, ...unknown];
  }

  of(model: TableModel): Seed[] {
    return this.seeds.filter(({ table }) => isNamed(model, table));
  }
}

/**
 * An item as DynamoDB takes it. It may be in DynamoDB's own JSON already, as `aws dynamodb scan` prints it: only there is
 * the key an object.
 */
export function toAttributes(item: Settings, hashKey: string): Settings {
  return isMap(item[hashKey]) ? item : toMap(item);
}

function isNamed({ resource, input }: TableModel, name: string): boolean {
  return resource === name || input.TableName === name;
}

async function listFiles(place: string): Promise<string[]> {
  if (!(await fs.stat(place)).isDirectory()) return [place];
  const names = (await fs.readdir(place)).filter((name) => name.endsWith(".json")).sort();
  return names.map((name) => path.join(place, name));
}

/** @throws Error that says which form a file must have */
function seedsIn(file: string, content: unknown): Seed[] {
  const items = isMap(content) && Array.isArray(content.Items) ? content.Items : content;
  const tables = isMap(items) ? items : { [path.basename(file, ".json")]: items };
  return Object.entries(tables).map(([table, list]) => {
    if (Array.isArray(list) && list.every(isMap)) return { table, file, items: list };
    const form = 'Write {"TABLE": [{…}, {…}]}, or only the list in a file that is called TABLE.json.';
    throw new Error(`what it has for the table "${table}" is not a list of items. ${form}`);
  });
}

function toMap(value: Settings): Settings {
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, toAttribute(member)]));
}

/** @see https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_AttributeValue.html */
function toAttribute(value: unknown): Settings {
  if (typeof value === "string") return { S: value };
  if (typeof value === "number") return { N: String(value) };
  if (typeof value === "boolean") return { BOOL: value };
  if (Array.isArray(value)) return { L: value.map(toAttribute) };
  return isMap(value) ? { M: toMap(value) } : { NULL: true };
}
