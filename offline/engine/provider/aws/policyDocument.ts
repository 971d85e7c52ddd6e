/** The arguments of `aws.iam.getPolicyDocument`. @see https://www.pulumi.com/registry/packages/aws/api-docs/iam/getpolicydocument/ */
export interface PolicyArguments {
  version?: string;
  policyId?: string;
  statements?: StatementArguments[];
  sourceJson?: string;
  sourcePolicyDocuments?: string[];
  overrideJson?: string;
  overridePolicyDocuments?: string[];
}

interface StatementArguments {
  sid?: string;
  effect?: string;
  actions?: string[];
  notActions?: string[];
  resources?: string[];
  notResources?: string[];
  principals?: PrincipalArguments[];
  notPrincipals?: PrincipalArguments[];
  conditions?: { test: string; variable: string; values: string[] }[];
}

interface PrincipalArguments {
  type: string;
  identifiers: string[];
}

interface Statement {
  Sid?: string;
  [element: string]: unknown;
}

interface Document {
  Version?: string;
  Id?: string;
  Statement?: Statement | Statement[];
}

/**
 * The IAM policy document: the statements of the source documents, then the given ones, then those of the overriding
 * documents. A later statement replaces an earlier one with the same Sid.
 */
export function policyDocument(given: PolicyArguments): Required<Pick<Document, "Version" | "Statement">> & Document {
  const sources = parse([given.sourceJson, ...(given.sourcePolicyDocuments ?? [])]);
  const overrides = parse([...(given.overridePolicyDocuments ?? []), given.overrideJson]);
  const own: Document = {
    ...(given.version && { Version: given.version }),
    ...(given.policyId && { Id: given.policyId }),
    Statement: (given.statements ?? []).map(toStatement),
  };
  const documents = [...sources, own, ...overrides];
  const merged: Statement[] = [];
  for (const statement of documents.flatMap(statementsOf)) {
    const earlier = merged.findIndex(({ Sid }) => Sid && Sid === statement.Sid);
    if (earlier < 0) merged.push(statement);
    else merged[earlier] = statement;
  }
  const last = (name: "Version" | "Id") => documents.map((document) => document[name]).findLast(Boolean);
  const id = last("Id");
  return { Version: last("Version") ?? "2012-10-17", ...(id && { Id: id }), Statement: merged };
}

/** A single statement need not be in a list. */
function statementsOf({ Statement = [] }: Document): Statement[] {
  return Array.isArray(Statement) ? Statement : [Statement];
}

function parse(texts: (string | undefined)[]): Document[] {
  return texts.flatMap((text) => (text ? [JSON.parse(text) as Document] : []));
}

function toStatement(given: StatementArguments): Statement {
  const elements: Statement = {
    Sid: given.sid || undefined,
    Effect: given.effect ?? "Allow",
    Principal: principals(given.principals),
    NotPrincipal: principals(given.notPrincipals),
    Action: oneOrMany(given.actions),
    NotAction: oneOrMany(given.notActions),
    Resource: oneOrMany(given.resources),
    NotResource: oneOrMany(given.notResources),
    Condition: conditions(given.conditions),
  };
  return Object.fromEntries(Object.entries(elements).filter(([, element]) => element !== undefined));
}

/** `&{aws:username}` stands for `${aws:username}`, as the latter would be interpolated elsewhere. */
function oneOrMany(texts: string[] | undefined): string | string[] | undefined {
  const policyTexts = texts?.map((text) => text.replaceAll("&{", "${")) ?? [];
  return policyTexts.length > 1 ? policyTexts : policyTexts[0];
}

function principals(given: PrincipalArguments[] | undefined): unknown {
  if (!given?.length) return undefined;
  if (given.some(({ type }) => type === "*")) return "*";
  const types = [...new Set(given.map(({ type }) => type))];
  const ofType = (type: string) => given.filter((one) => one.type === type).flatMap(({ identifiers }) => identifiers);
  return Object.fromEntries(types.map((type) => [type, oneOrMany(ofType(type))]));
}

function conditions(given: StatementArguments["conditions"]): unknown {
  if (!given?.length) return undefined;
  const tests: Record<string, Record<string, unknown>> = {};
  for (const { test, variable, values } of given) {
    tests[test] = { ...tests[test], [variable]: oneOrMany(values) };
  }
  return tests;
}
