import { asMap, type Settings } from "../core/resources";

/** A JSON object in a text; empty if the text is none. */
export function documentIn(text = ""): Settings {
  try {
    return asMap(JSON.parse(text));
  } catch {
    return {};
  }
}
