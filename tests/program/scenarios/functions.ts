import type { Scenario } from "../../helpers/program/scenarios";

const handler = "export const handler = async () => ({ statusCode: 200 });\n";
const bundled = (file = "items.ts", more = "") => `new g.LambdaFunction(name, { entry: \`\${name}/${file}\`${more} });`;

/** Edits of a function and its sources: what counts is the bytes that are deployed. */
export const functionScenarios: Scenario[] = [
  {
    edit: "a function's code",
    before: bundled(),
    after: bundled(),
    files: [{ "items.ts": handler }, { "items.ts": handler.replace("200", "204") }],
    expected: { update: ["Function::@"] },
  },
  {
    edit: "a comment in a function's code",
    before: bundled(),
    after: bundled(),
    files: [{ "items.ts": handler }, { "items.ts": `// What it answers.\n${handler}` }],
    expected: {},
  },
  {
    edit: "a function's file is moved",
    before: bundled("items.ts"),
    after: bundled("moved/items.ts"),
    files: [{ "items.ts": handler }, { "moved/items.ts": handler }],
    expected: {},
  },
  {
    edit: "the code of a function with an alias",
    before: bundled("items.ts", ", alias: {}"),
    after: bundled("items.ts", ", alias: {}"),
    files: [{ "items.ts": handler }, { "items.ts": handler.replace("200", "204") }],
    expected: { update: ["Function::@", "Alias::@"], order: [["Function::@", "Alias::@"]] },
  },
  {
    edit: "a function's memory and time",
    before: 'new g.LambdaFunction(name, ran("exports.handler = async () => ({});"));',
    after:
      'new g.LambdaFunction(name, { ...ran("exports.handler = async () => ({});"), memorySize: 1024, timeout: 30 });',
    expected: { update: ["Function::@"] },
  },
  {
    edit: "how long a function's logs are kept",
    before: 'new g.LambdaFunction(name, ran("exports.handler = async () => ({});"));',
    after: 'new g.LambdaFunction(name, { ...ran("exports.handler = async () => ({});"), logRetentionDays: 365 });',
    expected: { update: ["LogGroup::@"] },
  },
  {
    edit: "what a function may use",
    before:
      'const table = new g.ItemsTable(`${name}-table`); new g.LambdaFunction(name, { ...ran("exports.handler = async () => ({});"), access: [table.access("read")] });',
    after:
      'const table = new g.ItemsTable(`${name}-table`); new g.LambdaFunction(name, { ...ran("exports.handler = async () => ({});"), access: [table.access("crud")] });',
    expected: { update: ["RolePolicy::@"] },
  },
];
