import * as fs from "node:fs";
import * as path from "node:path";
import ts from "typescript";
import type { Property, Type } from "./schema";

/** Where the schema is kept: written by `npm run schema`. */
export const schemaFile = path.join(__dirname, "arguments.json");

/** JSDoc tags that become a property's bounds and words, and those that are for readers only. */
const numbers = ["minimum", "maximum", "or", "minLength", "maxLength", "minItems", "maxItems"];
const texts = ["unit", "write", "pattern"];
const others = ["default", "see"];

/**
 * The schema of all components' arguments as JSON, one type per line. It is generated from the syntax of the
 * declarations and their JSDoc tags, so that neither Pulumi's nor the providers' types need be loaded.
 * @throws Error for a type that other languages could not have either, such as a union, and for an unknown tag
 */
export function generateSchema(): string {
  const { types } = new Generator(path.join(__dirname, ".."));
  const lines = [...types].sort(([one], [other]) => (one < other ? -1 : 1));
  return `{\n${lines.map(([name, type]) => `${JSON.stringify(name)}:${JSON.stringify(type)}`).join(",\n")}\n}\n`;
}

class Generator {
  readonly types = new Map<string, Type>();
  private readonly symbols = new Map<string, ts.Symbol>();
  private readonly checker: ts.TypeChecker;

  constructor(folder: string) {
    const files = fs.readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((file) => file.endsWith(".ts"));
    const rootNames = files.map((file) => path.join(folder, file));
    const program = ts.createProgram(rootNames, { noLib: true, noResolve: true, types: [] });
    this.checker = program.getTypeChecker();
    for (const file of rootNames) program.getSourceFile(file)?.forEachChild((node) => this.addComponent(node));
  }

  private addComponent(node: ts.Node): void {
    if (!ts.isClassDeclaration(node)) return;
    const [base] = node.heritageClauses?.[0]?.types ?? [];
    const [args] = base?.typeArguments ?? [];
    if (base?.expression.getText() === "ComponentResource" && args) this.propertyOf(args);
  }

  private propertyOf(node: ts.TypeNode): Property {
    if (ts.isArrayTypeNode(node)) return { type: "array", items: this.propertyOf(node.elementType) };
    if (ts.isUnionTypeNode(node)) {
      const [known, ...others] = node.types.filter(({ kind }) => kind !== ts.SyntaxKind.UndefinedKeyword);
      if (known && others.length === 0) return this.propertyOf(known);
    }
    if (ts.isTypeReferenceNode(node)) return this.referredTo(node);
    const type = keywords.get(node.kind);
    if (type === undefined) throw new Error(`the schema has no type for ${node.getText()}`);
    return { type };
  }

  private referredTo({ typeName, typeArguments }: ts.TypeReferenceNode): Property {
    const name = typeName.getText();
    const [first, second] = typeArguments ?? [];
    if (name === "pulumi.Input" && first) return { ...this.propertyOf(first), input: true };
    if (name === "Record" && second) return { type: "record", values: this.propertyOf(second) };
    // Types that a namespace qualifies, and partial ones, belong to other packages.
    if (name === "Partial" || ts.isQualifiedName(typeName)) return { type: "object" };
    return this.declared(name, this.symbolOf(typeName));
  }

  private symbolOf(name: ts.EntityName): ts.Symbol {
    const symbol = this.checker.getSymbolAtLocation(name);
    if (!symbol) throw new Error(`the schema cannot find ${name.getText()}`);
    return symbol.flags & ts.SymbolFlags.Alias ? this.checker.getAliasedSymbol(symbol) : symbol;
  }

  private declared(name: string, symbol: ts.Symbol): Property {
    const known = this.symbols.get(name) ?? symbol;
    if (known !== symbol) throw new Error(`the schema has two types called ${name}; rename one`);
    this.symbols.set(name, symbol);
    const declarations = symbol.declarations ?? [];
    const object = declarations.find(ts.isVariableDeclaration);
    if (object) {
      this.types.set(name, { enum: enumValues(object) });
      return { type: name };
    }
    const alias = declarations.find(ts.isTypeAliasDeclaration);
    if (alias) return { ...this.propertyOf(alias.type), ...tagsOf(alias) };
    const declaration = declarations.find(ts.isInterfaceDeclaration);
    if (!declaration) throw new Error(`the schema has no type for ${name}`);
    if (!this.types.has(name)) this.addInterface(name, declaration);
    return { type: name };
  }

  private addInterface(name: string, declaration: ts.InterfaceDeclaration): void {
    const properties: Record<string, Property> = {};
    const isOpen = ts.getJSDocTags(declaration).some(({ tagName }) => tagName.text === "open");
    this.types.set(name, { ...(isOpen && { open: true }), properties });
    for (const { name: key, valueDeclaration } of this.checker.getTypeAtLocation(declaration).getProperties()) {
      if (!valueDeclaration) continue;
      const required = isOptional(valueDeclaration) ? {} : { required: true as const };
      if (ts.isMethodSignature(valueDeclaration)) properties[key] = { type: "function", ...required };
      if (!ts.isPropertySignature(valueDeclaration) || !valueDeclaration.type) continue;
      properties[key] = { ...this.propertyOf(valueDeclaration.type), ...required, ...tagsOf(valueDeclaration) };
    }
  }
}

function isOptional(member: ts.Declaration): boolean {
  return (ts.isMethodSignature(member) || ts.isPropertySignature(member)) && member.questionToken !== undefined;
}

/** Free-form JSON is an object wherever a component accepts it. */
const keywords = new Map([
  [ts.SyntaxKind.StringKeyword, "string"],
  [ts.SyntaxKind.NumberKeyword, "integer"],
  [ts.SyntaxKind.BooleanKeyword, "boolean"],
  [ts.SyntaxKind.AnyKeyword, "object"],
]);

/** The values of `{ Name: "value" } as const`. */
function enumValues({ initializer }: ts.VariableDeclaration): string[] {
  const object = initializer && ts.isAsExpression(initializer) ? initializer.expression : undefined;
  if (!object || !ts.isObjectLiteralExpression(object)) throw new Error(`${initializer?.getText()} is not an enum`);
  return object.properties.map((property) => {
    if (ts.isPropertyAssignment(property) && ts.isStringLiteral(property.initializer)) return property.initializer.text;
    throw new Error(`${property.getText()} is not an enum's value`);
  });
}

/** What the JSDoc tags of a declaration add; patterns and choices are in backticks. */
function tagsOf(declaration: ts.Node): Partial<Property> {
  const entries = ts.getJSDocTags(declaration).flatMap(({ tagName: { text: tag }, comment }): [string, unknown][] => {
    const text = (ts.getTextOfJSDocComment(comment) ?? "").replace(/\s+/g, " ").replace(/^`([^`]*)`$/, "$1");
    if (texts.includes(tag)) return [[tag, text]];
    if (tag === "choices" || numbers.includes(tag)) return [[tag, JSON.parse(text)]];
    if (tag === "fractional") return [["type", "number"]];
    if (others.includes(tag)) return [];
    throw new Error(`the schema does not support the tag @${tag}: ${declaration.getText()}`);
  });
  return Object.fromEntries(entries);
}

if (require.main === module) fs.writeFileSync(schemaFile, generateSchema());
