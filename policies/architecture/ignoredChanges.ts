import type { ResourceRule } from "../lib/rule";
import { architectureProperties } from "./rules";

/**
 * `ignoreChanges` keeps the deployed value whatever the program says, so no other rule sees that x86 stays deployed.
 */
export const ignoredArchitecture: ResourceRule = {
  name: "ignored-architecture",
  description: "`ignoreChanges` does not cover properties that select the processor.",
  severity: "medium",
  practice: "SUS05-BP02",
  tags: ["arm64"],
  url: "https://www.pulumi.com/docs/iac/concepts/resources/options/ignorechanges/",
  remediationSteps: "Remove the property that selects the processor from ignoreChanges.",
  checkResource: ({ type, opts }) => {
    const paths = architectureProperties.filter((property) => property.type === type).map(({ path }) => path);
    return opts.ignoreChanges.flatMap((ignored) => {
      const hidden = paths.filter((path) => overlap(namesOf(ignored), namesOf(path)));
      if (hidden.length === 0) return [];
      return [{ message: `ignoreChanges contains "${ignored}", which hides ${hidden.join(", ")}: remove it.` }];
    });
  },
};

/** The names in a path, with `*` for any index: both `a.b[0]["c"]` and `a.b[].c` give a, b, *, c. */
function namesOf(path: string): string[] {
  return (path.match(/[^.[\]{}"']+|\[\]/g) ?? []).map((name) => (/^(\d+|\[\])$/.test(name) ? "*" : name));
}

/** True if the ignored path is the other or a parent of it; `*` is any name. */
function overlap(ignored: string[], other: string[]): boolean {
  return ignored.every((name, index) => name === "*" || other[index] === "*" || name === other[index]);
}
