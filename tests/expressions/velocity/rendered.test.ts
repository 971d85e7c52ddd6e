import { expect } from "chai";
import { parseTemplate } from "../../../expressions/velocity";
import { variables } from "../../helpers/velocity/variables";
import rendered from "./rendered.json";

/** Made by tests/helpers/velocity/regenerate.sh, which runs Apache Velocity 1.7. */
const TABLE: Record<string, Record<string, string | null>> = rendered;

describe("A Velocity template gives what Apache Velocity 1.7 gives for", () => {
  for (const [group, templates] of Object.entries(TABLE)) {
    describe(group, () => {
      for (const [template, text] of Object.entries(templates)) {
        it(`${JSON.stringify(template)}${text === null ? ", an error" : ""}`, () => {
          const render = () => parseTemplate(template).render(variables());
          if (text === null) expect(render).to.throw();
          else expect(render()).to.equal(text);
        });
      }
    });
  }
});
