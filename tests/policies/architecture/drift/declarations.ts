import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import ts from "typescript";

/** An input property of a resource type, as a provider's SDK declares it. */
export interface Declared {
  type: string;
  /** In the notation of `ArchitectureProperty`, without the content of JSON documents. */
  path: string;
  /** False for objects, numbers and booleans. */
  isText: boolean;
  comment: string;
}

type Interfaces = Map<string, ts.InterfaceDeclaration>;

/** What a property's type gives: the notation after its name, and the argument interfaces that it refers to. */
interface Shape {
  suffix: string;
  interfaces: string[];
  isText: boolean;
}

/**
 * Every input property of every resource type of an installed provider SDK, nested ones included. It only parses: a
 * type checker would need a minute for what the generator's regular style reveals in two seconds.
 */
export function declaredProperties(packageName: string): Declared[] {
  const root = dirname(require.resolve(`${packageName}/package.json`));
  const inputs = new Map<string, ts.InterfaceDeclaration>();
  collect(parse(readFileSync(join(root, "types", "input.d.ts"), "utf8")).statements, "", inputs);
  return declarationFiles(root).flatMap((file) => propertiesOfResource(file, inputs));
}

/** Resources are in the package's root or in a folder for each service. */
function declarationFiles(root: string): string[] {
  const folders = readdirSync(root, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  return [root, ...folders.map(({ name }) => join(root, name))].flatMap((folder) =>
    readdirSync(folder)
      .filter((name) => name.endsWith(".d.ts"))
      .map((name) => join(folder, name)),
  );
}

function propertiesOfResource(file: string, inputs: Interfaces): Declared[] {
  const code = file.replace(/\.d\.ts$/, ".js");
  const [, type] = (existsSync(code) && /__pulumiType = '(.+:.+)'/.exec(readFileSync(code, "utf8"))) || [];
  if (type === undefined) return [];
  const text = readFileSync(file, "utf8");
  // The arguments are at the end, after the examples and outputs, which make up most of the file.
  const [args] = parse(text.slice(text.lastIndexOf("export interface "))).statements;
  if (!args || !ts.isInterfaceDeclaration(args) || !args.name.text.endsWith("Args")) {
    throw new Error(`${type}: its last interface is not its arguments. Teach this file how the SDK declares them now.`);
  }
  return members(args, inputs, "", []).map((property) => ({ type, ...property }));
}

function members(
  declaration: ts.InterfaceDeclaration,
  inputs: Interfaces,
  prefix: string,
  outer: string[],
): Omit<Declared, "type">[] {
  const { text } = declaration.getSourceFile();
  return declaration.members.flatMap((member) => {
    if (!ts.isPropertySignature(member) || !member.type || !ts.isIdentifier(member.name)) return [];
    const { suffix, interfaces, isText } = shapeOf(member.type);
    const path = `${prefix}${member.name.text}${suffix}`;
    const comment = text
      .slice(member.pos, member.name.getStart())
      .replace(/[\s*/]+/g, " ")
      .trim();
    const inner = interfaces.flatMap((name) => {
      const nested = inputs.get(name);
      if (!nested) throw new Error(`${path}: its type ${name} is not among the inputs of the SDK.`);
      // A firewall's rules contain rules: one level of recursion is enough.
      return outer.includes(name) ? [] : members(nested, inputs, `${path}.`, [...outer, name]);
    });
    return [{ path, isText: isText && inner.length === 0, comment }, ...inner];
  });
}

function shapeOf(node: ts.TypeNode): Shape {
  if (ts.isArrayTypeNode(node)) return prefixed("[]", shapeOf(node.elementType));
  if (ts.isTypeLiteralNode(node)) {
    const values = node.members.filter(ts.isIndexSignatureDeclaration).map((member) => shapeOf(member.type));
    return prefixed(".*", merged(values));
  }
  if (ts.isUnionTypeNode(node)) return merged(node.types.map(shapeOf));
  if (ts.isTypeReferenceNode(node)) {
    const name = node.typeName.getText();
    if (name.startsWith("inputs.")) return { suffix: "", interfaces: [name.slice("inputs.".length)], isText: false };
    if (name.startsWith("enums.")) return { suffix: "", interfaces: [], isText: true };
    return merged((node.typeArguments ?? []).map(shapeOf));
  }
  return { suffix: "", interfaces: [], isText: node.kind === ts.SyntaxKind.StringKeyword };
}

function prefixed(start: string, { suffix, ...rest }: Shape): Shape {
  return { suffix: `${start}${suffix}`, ...rest };
}

function merged(shapes: Shape[]): Shape {
  return {
    suffix: shapes.find(({ suffix }) => suffix !== "")?.suffix ?? "",
    interfaces: shapes.flatMap(({ interfaces }) => interfaces),
    isText: shapes.some(({ isText }) => isText),
  };
}

function collect(statements: readonly ts.Statement[], prefix: string, into: Interfaces): void {
  for (const statement of statements) {
    if (ts.isInterfaceDeclaration(statement)) into.set(`${prefix}${statement.name.text}`, statement);
    if (ts.isModuleDeclaration(statement) && statement.body && ts.isModuleBlock(statement.body)) {
      collect(statement.body.statements, `${prefix}${statement.name.text}.`, into);
    }
  }
}

function parse(text: string): ts.SourceFile {
  const options = { languageVersion: ts.ScriptTarget.ES2022, jsDocParsingMode: ts.JSDocParsingMode.ParseNone };
  const setParentNodes = true;
  return ts.createSourceFile("declarations.d.ts", text, options, setParentNodes);
}
