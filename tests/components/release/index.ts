/** A program with all examples of all components, whose URNs stand for those of everybody's programs. */
import * as path from "node:path";
import { componentOf, examples } from "../../helpers/components/examples";

// The examples name files of the repository.
process.chdir(path.resolve(__dirname, "../../.."));
for (const [index, [type, args]] of examples.entries()) new (componentOf(type))(`example${index}`, args);
