import type { ResourceRule } from "../lib/rule";
import { architectureProperties } from "./rules";

/** `ignoreChanges` keeps what is deployed, whatever the program says: an x86 processor stays, unseen by every other rule. */
export const ignoredArchitecture: ResourceRule = {
  name: "ignored-architecture",
  description: "Changes of an architecture are not ignored.",
  severity: "medium",
  practice: "SUS05-BP02",
  tags: ["arm64"],
  url: "https://www.pulumi.com/docs/iac/concepts/resources/options/ignorechanges/",
  remediationSteps: "Take the property that decides about the processor out of ignoreChanges.",
  checkResource: ({ type, opts }) => {
    const paths = architectureProperties.filter((property) => property.type === type).map(({ path }) => path);
    return opts.ignoreChanges.flatMap((ignored) => {
      const hidden = paths.filter((path) => overlap(namesOf(ignored), namesOf(path)));
      if (hidden.length === 0) return [];
      return [{ message: `ignoreChanges has "${ignored}", which hides ${hidden.join(", ")}: take it out.` }];
    });
  },
};

/** `a.b[0]["c"]` and `a.b[].c` alike are a, b, any, c. */
function namesOf(path: string): string[] {
  return (path.match(/[^.[\]{}"']+|\[\]/g) ?? []).map((name) => (/^(\d+|\[\])$/.test(name) ? "*" : name));
}

/** True when the ignored path is the other or leads to it; `*` is any name. */
function overlap(ignored: string[], other: string[]): boolean {
  return ignored.every((name, index) => name === "*" || other[index] === "*" || name === other[index]);
}
