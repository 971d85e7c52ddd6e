export type LexicalState =
  | "text"
  | "name"
  | "directive"
  | "reference"
  | "member"
  | "arguments"
  | "index"
  | "line comment"
  | "comment"
  | "block";

export type Kind = string;

/** What rules change of the lexer. */
export interface Lexer {
  state: LexicalState;
  /** Parentheses opened and closed since the state was entered. */
  opened: number;
  closed: number;
  inSet: boolean;
  inComment: boolean;
  /** Offset of the next character. */
  position: number;
  /** Keeps the state, to which pop() returns. */
  push(): void;
  /** Returns to the state kept last. False if there is none. */
  pop(): boolean;
}

export interface Rule {
  kind: Kind;
  pattern: RegExp;
  /** `more` goes on with the same token in the next state, `special` and `skip` begin a new one. */
  role: "token" | "more" | "special" | "skip";
  /** Changes the lexer's state, and returns the token's image if it is not what was read. */
  action?(lexer: Lexer, image: string): string | undefined;
}

/** Matches one character of any kind. */
export const ANY = /[\s\S]/y;

const NEWLINE = "(?:[ \\t]*(?:\\r\\n|\\n|\\r))?";
const WORD = "[A-Za-z_@][A-Za-z0-9_@]*";
const BRACKETED = "\\{[A-Za-z_][A-Za-z0-9_@]*\\}";
const EXPONENT = "[eE][+-]?[0-9]+";

export const RULES = Object.fromEntries(
  ["text", "name", "directive", "reference", "member", "arguments", "index", "line comment", "comment", "block"].map(
    (state) => [state, [] as Rule[]],
  ),
) as Record<LexicalState, Rule[]>;

/** In the order of Velocity's grammar: of two matches of the same length, the first counts. */
function rule(
  states: string,
  kind: Kind,
  source: string | RegExp,
  action?: Rule["action"],
  role: Rule["role"] = "token",
) {
  const pattern = typeof source === "string" ? new RegExp(source, "y") : source;
  const names = states === "*" ? Object.keys(RULES) : states.split(", ");
  for (const name of names) RULES[name as LexicalState].push({ kind, pattern, role, action });
}

const pop: Rule["action"] = (lexer) => void lexer.pop();
const enter = (state: LexicalState) => (lexer: Lexer) => {
  lexer.state = state;
  return undefined;
};

rule("reference, member", "index[", "\\[", (lexer) => {
  lexer.push();
  lexer.state = "index";
  return undefined;
});
rule("index", "index]", "\\]", pop);
for (const sign of ["[", "]", ",", "..", ":", "{", "}"]) {
  rule("directive, arguments", sign, sign.replace(/[[\]{}.]/g, "\\$&"));
}
rule("directive, member", "(", "\\(", (lexer) => {
  lexer.opened++;
  if (lexer.state === "member") lexer.state = "arguments";
  return undefined;
});
rule("directive", ")", `\\)${NEWLINE}`, (lexer) => {
  while (lexer.opened === 0) if (!lexer.pop()) return undefined;
  if (lexer.opened === lexer.closed + 1) lexer.pop();
  else lexer.closed++;
  return undefined;
});
rule("arguments", "arguments)", "\\)", enter("reference"));
rule("text", "escaped directive", `(?:\\\\\\\\)*\\\\#(?:${WORD}|${BRACKETED})`);
rule("text, reference, member, arguments", "#set(", "[ \\t]*(?:#set|#\\{set\\}) *\\(", (lexer) => {
  lexer.push();
  lexer.inSet = true;
  lexer.state = "directive";
  lexer.opened++;
  return undefined;
});

/** Begins something of which the next token says what it is. Within comments it is nothing. */
function begin(kind: Kind, source: string, state: LexicalState, leaves: LexicalState[], isComment = false, back = 0) {
  const action: Rule["action"] = (lexer) => {
    if (lexer.inComment) return undefined;
    if (leaves.includes(lexer.state)) lexer.pop();
    lexer.position -= back;
    lexer.inComment = isComment;
    lexer.push();
    lexer.state = state;
    return undefined;
  };
  rule("*", kind, source, action, "more");
}
begin("$", "\\\\*\\$", "reference", ["reference"]);
begin("$!", "\\\\*\\$\\\\*!", "reference", ["reference"]);
begin("#[[", "#\\[\\[", "block", [], true);
begin("#**", "#\\*\\*[^#]", "comment", [], true, 1);
begin("#*", "#\\*", "comment", [], true);
begin("#", "#", "name", ["reference", "member"]);

rule("text, name, directive, reference", "##", "##", (lexer) => {
  if (lexer.state === "reference") lexer.pop();
  lexer.inComment = true;
  lexer.push();
  lexer.state = "line comment";
  return undefined;
});
rule("text", "double escape", "\\\\\\\\");
rule("text", "escape", "\\\\");
rule("text", "text", "[^$#\\\\]+");

const endComment: Rule["action"] = (lexer) => {
  lexer.inComment = false;
  lexer.pop();
  return undefined;
};
rule("line comment", "end of line comment", "\\r\\n|\\n|\\r", endComment);
rule("comment", "comment", "\\*#", endComment);
rule("block", "block", "\\]\\]#", endComment);
rule("line comment, comment", "skipped", ANY, undefined, "skip");
rule("block", "within block", ANY, undefined, "more");

rule("directive, arguments, index", "space", "[ \\t\\n\\r]+");
rule("directive, arguments, index", "string", `"(?:[^"]+|"")*"|'(?:[^']+|'')*'`, (lexer) => {
  if (lexer.state === "directive" && !lexer.inSet && lexer.opened === 0) lexer.pop();
  return undefined;
});
for (const word of ["true", "false"]) rule("reference, directive, member, arguments, index", word, word);
for (const [kind, source] of Object.entries({
  "-": "-",
  "+": "\\+",
  "*": "\\*",
  "/": "/",
  "%": "%",
  "&&": "&&|and",
  "||": "\\|\\||or",
  "<": "<|lt",
  "<=": "<=|le",
  ">": ">|gt",
  ">=": ">=|ge",
  "==": "==|eq",
  "!=": "!=|ne",
  "!": "!|not",
  "=": "=",
})) {
  rule("directive", kind, source);
}
rule("name", "#end", `(?:end|\\{end\\})${NEWLINE}`, pop);
rule("name", "#if", "if|\\{if\\}", enter("directive"));
rule("name", "#elseif", "elseif|\\{elseif\\}", enter("directive"));
rule("name", "#else", `(?:else|\\{else\\})${NEWLINE}`, pop);
rule("name, directive, arguments, index", "integer", "-?[0-9]+(?:\\.\\.)?", (lexer, image) => {
  const isRange = image.endsWith("..");
  if (isRange) lexer.position -= 2;
  if (lexer.opened === 0 && !lexer.inSet && lexer.state !== "arguments" && lexer.state !== "index") lexer.pop();
  return isRange ? image.slice(0, -2) : undefined;
});
rule(
  "name, directive, arguments, index",
  "float",
  `-?[0-9]+\\.[0-9]*(?:${EXPONENT})?|-?\\.[0-9]+(?:${EXPONENT})?|-?[0-9]+${EXPONENT}`,
  (lexer) => {
    if (lexer.opened === 0 && !lexer.inSet && lexer.state !== "arguments") lexer.pop();
    return undefined;
  },
);
rule("name, directive", "word", WORD);
rule("name, directive", "bracketed word", BRACKETED);
rule("reference, member, arguments", "identifier", "[A-Za-z_][A-Za-z0-9_-]*");
rule("reference, member, arguments", "dot", "\\.[A-Za-z]", (lexer) => {
  lexer.position -= 1;
  lexer.state = "member";
  return ".";
});
rule("reference, member", "reference{", "\\{");
rule("reference, member", "reference}", "\\}", pop);
const terminate: Rule["action"] = (lexer) => {
  lexer.position -= 1;
  lexer.pop();
  return undefined;
};
rule("reference, member, name", "no name", ANY, terminate, "special");
rule("text, reference", "empty reference", "\\$\\[|\\$!\\[|\\$\\\\!\\[|\\$\\.");
