import type { Element } from "../../core/protocol/xml";

/** The names that lists have around their values. */
const LISTED = new Set(["member", "entry", "item"]);

/** An answer in XML of a service that takes forms, as the JSON that it sends to callers who accept that. */
export function jsonOfXml(document: Element): string {
  // An error is an object without the name of its document.
  return JSON.stringify(
    document.name === "ErrorResponse" ? contentOf(document) : { [document.name]: contentOf(document) },
  );
}

function contentOf({ children, text }: Element): unknown {
  if (children.length === 0) return text;
  if (children.every(({ name }) => LISTED.has(name))) return children.map(contentOf);
  const names = [...new Set(children.map(({ name }) => name))];
  return Object.fromEntries(
    names.map((name) => {
      const values = children.filter((child) => child.name === name).map(contentOf);
      return [name, values.length > 1 ? values : values[0]];
    }),
  );
}
