import { expect } from "chai";
import { readDockerfile } from "../../../../offline/cloud/batch/dockerfile";

const read = (...lines: string[]) => readDockerfile(lines.join("\n"));

describe("Dockerfiles of jobs", () => {
  it("set the command in exec and shell form", () => {
    expect(read("FROM a", 'ENTRYPOINT ["node", "x y.js"]', "cmd --all")).to.deep.include({
      entrypoint: ["node", "x y.js"],
      command: ["/bin/sh", "-c", "--all"],
    });
  });

  it("set the environment, quoted, with variables and in the older form", () => {
    const { environment } = read(
      "ARG OUT=side",
      "FROM a",
      "ARG VERSION=1",
      'ENV A="one two" B=$VERSION C=\'$VERSION\' D=a\\ b E="${NONE:-else}"',
      "ENV F the rest ${A}",
      "ENV G=$OUT",
    );
    const values = { A: "one two", B: "1", C: "$VERSION", D: "a b", E: "else", F: "the rest one two", G: "side" };
    expect(environment).to.deep.equal(values);
  });

  it("prefer build arguments to the defaults that they declare", () => {
    const text = "ARG ONE=1\nFROM a\nARG TWO\nARG THREE=3\nENV ALL=$ONE$TWO$THREE$FOUR\n";
    const { environment } = readDockerfile(text, undefined, { ONE: "one", TWO: "two", FOUR: "four" });
    expect(environment).to.deep.equal({ ALL: "onetwo3" });
  });

  it("continue lines, with comments between them, and skip here-documents", () => {
    const { command, environment } = read(
      "# escape",
      "FROM a",
      "ENV A=1 \\",
      "  # why",
      "  B=2",
      "RUN <<END",
      "CMD wrong",
      "END",
      'CMD ["right"]',
    );
    expect([command, environment]).to.deep.equal([["right"], { A: "1", B: "2" }]);
  });

  it("have stages that build on one another, and use the last or the target", () => {
    const text = 'FROM a AS base\nWORKDIR /app\nWORKDIR src\nCMD ["x"]\nFROM b AS other\nFROM base\nENTRYPOINT ["y"]\n';
    expect(readDockerfile(text)).to.deep.include({ workdir: "/app/src", entrypoint: ["y"] });
    expect(readDockerfile(text).command).to.equal(undefined);
    expect(readDockerfile(text, "0").workdir).to.equal("/app/src");
    expect(readDockerfile(text, "BASE").command).to.deep.equal(["x"]);
    expect(() => readDockerfile(text, "none")).to.throw("it has no stage none");
    expect(() => readDockerfile("# nothing")).to.throw("it has no FROM");
  });
});
