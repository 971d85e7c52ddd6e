import { Double, type Value } from "../../../expressions/velocity";

/** The variables of the templates in rendered.json, as Render.java has them. */
export function variables(): Map<string, Value> {
  const inner = new Map<Value, Value>([
    ["x", "deep"],
    ["list", ["p", "q"]],
  ]);
  const map = new Map<Value, Value>([
    ["a", "one"],
    ["b", 2],
    ["c-d", "dash"],
    ["nil", null],
    ["inner", inner],
  ]);
  return new Map<string, Value>([
    ["text", "Hello"],
    ["empty", ""],
    ["n", 7],
    ["big", 3000000000n],
    ["d", new Double(2.5)],
    ["yes", true],
    ["no", false],
    ["map", map],
    ["list", ["x", 5, true, "x"]],
    ["none", []],
    ["emptyMap", new Map()],
    ["words", ["pear", "fig", "apple"]],
    ["csv", "a,b,,c,"],
    ["json", '{"k": "it\'s"}'],
  ]);
}
