import { blocksOf, documents, quotedIn, readDocument } from "./markdown";

/** A command that a document tells its reader to run. */
export interface Command {
  text: string;
  document: string;
}

/** The programs that commands start with; other lines without a language show what is printed. */
const programs =
  /^(npm|npx|pnpm|yarn|pulumi|pulumi-offline|aws|docker|curl|git|node|pip|cp|ls|mkdir|for|\(cd) |^\(cd |^pulumi-offline$/;

/** The commands in the blocks of all documents, without comments and prompts. */
export function blockCommands(): Command[] {
  return documents.flatMap((document) =>
    blocksOf(document)
      .filter(({ language }) => ["", "sh", "bash", "console"].includes(language))
      .flatMap(({ code }) => lines(code))
      .flatMap((line) => (line.startsWith("(") || line.startsWith("for ") ? line : line.split(" && ")))
      .filter((text) => programs.test(text))
      .map((text) => ({ text, document })),
  );
}

/** The commands that sentences and tables quote; `…` stands in messages, not in commands. */
export function quotedCommands(): Command[] {
  return documents.flatMap((document) => {
    const prose = readDocument(document).replace(/^( *)```[\s\S]*?^\1```$/gm, "");
    const texts = quotedIn(prose).map((text) => text.replace(/\s+/g, " "));
    return texts.filter((text) => programs.test(text) && !text.includes("…")).map((text) => ({ text, document }));
  });
}

/** Lines without their comments; one that opens a quotation continues until it closes. */
function lines(code: string): string[] {
  const whole: string[] = [];
  for (const line of code.split("\n")) {
    const last = whole.at(-1);
    if (last !== undefined && (last.split("'").length % 2 === 0 || last.endsWith("\\")))
      whole.push(`${whole.pop()}\n${line}`);
    else whole.push(line.trim());
  }
  return whole.map((line) => line.replace(/\s+#\s.*$/, "")).filter(Boolean);
}
