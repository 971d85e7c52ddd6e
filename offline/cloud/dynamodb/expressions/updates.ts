import type { Item } from "dynalite/db";

/** One part of an update expression, as dynalite has parsed it: `REMOVE list[0]` has the path `["list", 0]`. */
interface Section {
  type: "set" | "remove" | "add" | "delete";
  path: (string | number)[];
}

/** Input that dynalite has validated. It applies the sections in their order. */
export interface Validated {
  TableName?: string;
  Item?: Item;
  Key?: Item;
  _updates?: { sections: Section[] };
}

/**
 * Orders an update's sections so that none shifts a list under another one's index: DynamoDB means elements as they were
 * before the update, and dynalite 4 as they are when it comes to a section.
 */
export function orderSections({ _updates }: Validated): void {
  _updates?.sections.sort((one, other) =>
    one.type === "remove" && other.type === "remove"
      ? compare(other.path, one.path)
      : Number(one.type === "remove") - Number(other.type === "remove"),
  );
}

function compare(one: Section["path"], other: Section["path"]): number {
  for (const [depth, step] of one.entries()) {
    const otherStep = other[depth];
    if (otherStep === undefined) return 1;
    if (step !== otherStep) return step < otherStep ? -1 : 1;
  }
  return -1;
}
