import type { ArchitectureProperty } from "../../../../policies/architecture/rule";
import type { Declared } from "./declarations";
import type { Ignored } from "./ignored";

/** Contradictions between the SDK, the table and the list of ignored properties; each entry is `type path`. */
export interface Drift {
  /** Properties that may select an architecture, but are in neither list. */
  undecided: string[];
  /** Properties in one of the lists, but not in the SDK. */
  gone: string[];
  /** Properties with more than one decision. */
  twice: string[];
}

const telltaleNames =
  /instance_?(type|class|famil)|nodetypes?$|architecture|cpu_?manufacturer|amitype|(compute|environment|host|machine|worker)type|platforms?$/i;

const telltaleValues = /arm_?64|aarch64|graviton|x86|x8664|amd64/i;

/** Matches `Instance type of data nodes`, but not `Bid price for each EC2 Spot instance type`. */
const telltaleBeginning = /^(the |an? )?(\w+ )?(instance|machine|processor|compute) (type|class|famil)/i;

/** Whether a property's name or its documentation suggests that it selects the processor. */
export function isSuspect({ path, isText, comment }: Declared): boolean {
  if (!isText) return false;
  const name = path.replace(/\[\]|\.\*/g, "").replace(/^.*\./, "");
  return telltaleNames.test(name) || telltaleValues.test(comment) || telltaleBeginning.test(comment);
}

export function drift(declared: Declared[], table: ArchitectureProperty[], ignored: Ignored[]): Drift {
  const existing = new Set(declared.map(({ type, path }) => `${type} ${path}`));
  const rows = table.map(({ type, path }) => `${type} ${path}`);
  const left = ignored.flatMap(({ paths }) =>
    Object.entries(paths).flatMap(([type, ofType]) => ofType.map((path) => `${type} ${path}`)),
  );
  const decided = [...rows, ...left];
  return {
    undecided: declared
      .filter(isSuspect)
      .map(({ type, path }) => `${type} ${path}`)
      .filter((property) => !decided.includes(property)),
    gone: [...decided, ...table.flatMap(conditions)].filter((property) => !existing.has(beforeJson(property))),
    twice: decided.filter((property, index) => decided.indexOf(property) !== index),
  };
}

/** The properties that decide what a missing value of another means. */
function conditions({ type, missing, except }: ArchitectureProperty): string[] {
  const paths = [
    ...(missing?.unless ?? []),
    ...(missing?.given ? [missing.given] : []),
    ...[missing?.when, except].flatMap((one) => one?.path ?? []),
  ];
  return paths.map((path) => `${type} ${path}`);
}

/** Cuts a path at a JSON document, whose content the SDK does not declare. */
function beforeJson(property: string): string {
  return property.replace(/\{\}.*$/, "");
}
