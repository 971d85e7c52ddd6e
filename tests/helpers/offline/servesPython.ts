/** A command of its own that serves a function in Python, whose code is the text in CODE, and calls it. */
import { invoke } from "./functions";
import { graphOf, lambda } from "./graph";
import { serveGraph } from "./served";

const { CODE = "", FOLDER = "" } = process.env;
const main = lambda("main", { "index.py": CODE }, { runtime: "python3.9", timeout: 900 });
void serveGraph(graphOf(FOLDER, main)).then((server) => invoke(server));
