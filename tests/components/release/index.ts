/** A program with all examples of all components, whose URNs stand for those of everybody's programs. */
import * as path from "node:path";
import { componentOf, examples } from "../../helpers/components/examples";

// The examples name files of the repository.
process.chdir(path.resolve(__dirname, "../../.."));
// Numbered by component, so that a new example of one renames none of another.
const counts: Record<string, number> = {};
for (const [type, args] of examples) {
  const index = counts[type] ?? 0;
  counts[type] = index + 1;
  new (componentOf(type))(`example${index}`, args);
}
