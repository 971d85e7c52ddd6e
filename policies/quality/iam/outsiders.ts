import type { Finding } from "../../lib/rule";
import { anyOf, unless } from "../../lib/unknowns";
import type { Reading } from "../../lib/values";
import { wildcard } from "../../lib/wildcard";
import { elementsOf, has, mapsOf, type Statement, textsOf } from "./documents";

/** A principal of a statement; a service acts on behalf of whoever uses it. */
interface Principal {
  path: string;
  text: string;
  isService: boolean;
}

/** What to write instead of a principal that lets outsiders in, as the end of a message. */
interface Advice {
  anybody: string;
  /** @default services may act on behalf of anybody */
  service?: string;
}

/**
 * Findings about a statement that lets in anybody, or a service that acts on behalf of anybody.
 * @param denials the same document's `Deny` statements, which may shut out those whom the statement lets in
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html
 */
export function outsidersOf(statement: Statement, denials: Statement[], advice: Advice): Finding[] {
  if (has(statement, "NotPrincipal")) {
    const message = `${statement.path} has NotPrincipal, which trusts everybody else: write whom to trust in Principal.`;
    return [{ message }];
  }
  return principalsOf(statement).flatMap(({ path, text, isService }) => {
    if (!isAnybody(text) && !(isService && advice.service)) return [];
    const problem = isAnybody(text)
      ? `is "*", which means anybody: ${advice.anybody}`
      : `is ${text}, which acts on behalf of anybody: ${advice.service}`;
    const keys = isService ? [...limitingKeys, ...usesOfKeys] : limitingKeys;
    return unless(
      () => anyOf(() => isService && sendsNoSource(text, statement), ...limits(statement, denials, keys)),
      () => [{ message: `${path} ${problem}.` }],
    );
  });
}

/**
 * Actions for which a service tells neither account nor resource, so that a condition on them would match nothing.
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-resource-based.html, "Amazon SNS permissions",
 * https://docs.aws.amazon.com/lake-formation/latest/dg/hybrid-cross-account.html
 */
const actionsWithoutSource: Record<string, RegExp> = {
  "events.amazonaws.com": /^(sns:Publish|kms:Decrypt|kms:GenerateDataKey\*?)$/i,
  "ram.amazonaws.com": /^glue:ShareResource$/i,
};

function sendsNoSource(service: string, statement: Statement): boolean {
  return everyAction(statement, (action) => actionsWithoutSource[service]?.test(action) ?? false);
}

/** Whether all known actions of a statement are right. With NotAction, they are not listed. */
function everyAction(statement: Statement, isRight: (action: string) => boolean): boolean {
  return has(statement, "Action") && textsOf(statement, "Action").every(({ text }) => isRight(text));
}

function limits(statement: Statement, denials: Statement[], keys: string[]): (() => boolean)[] {
  const shutsOut = denials.filter((denial) => covers(denial, statement));
  return [
    () => isLimited(statement, positive, keys),
    ...shutsOut.map((denial) => () => isLimited(denial, negative, keys)),
  ];
}

/** Whether a denial is for everybody and for all of a statement's actions. */
function covers(denial: Statement, statement: Statement): boolean {
  const denied = textsOf(denial, "Action").map(({ text }) => text);
  return (
    principalsOf(denial).some(({ text }) => isAnybody(text)) &&
    everyAction(statement, (action) => denied.some((pattern) => matches(pattern, action)))
  );
}

/** Whether a principal is everybody. */
export function isAnybody(principal: string): boolean {
  return /^\*+$/.test(principal);
}

/** Whether a pattern names neither an account nor a resource: `*`, `arn:aws:*`, `arn:aws:events:*:*:*`, `0.0.0.0/0`. */
export function isWide(pattern: string): boolean {
  if (!pattern.startsWith("arn:")) return /^[*?]*$|^[\d.:]+\/0+$/.test(pattern);
  const [, , , , account = "*", ...resource] = pattern.split(":");
  const isNamed = resource.some((part) => /[^*/]/.test(part));
  return !isNamed && /^\**$/.test(account);
}

/** The principals of a statement: `"*"`, or a map of kinds such as `{ AWS: … }`. */
function principalsOf(statement: Statement): Principal[] {
  return [
    ...textsOf(statement, "Principal").map((found) => ({ ...found, isService: false })),
    ...mapsOf(statement, "Principal").flatMap((kinds) =>
      Object.keys(kinds.value).flatMap((kind) =>
        textsOf(kinds, kind).map((found) => ({ ...found, isService: kind.toLowerCase() === "service" })),
      ),
    ),
  ];
}

/**
 * Condition keys that limit who calls, or from where: the accounts, organizations, roles, networks and resources.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html, "The meaning of
 * public", and https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
 */
const limitingKeys = [
  "aws:PrincipalAccount",
  "aws:PrincipalArn",
  "aws:PrincipalOrgID",
  "aws:PrincipalOrgPaths",
  "aws:SourceAccount",
  "aws:SourceArn",
  "aws:SourceIp",
  "aws:SourceOrgID",
  "aws:SourceOrgPaths",
  "aws:SourceOwner",
  "aws:SourceVpc",
  "aws:SourceVpcArn",
  "aws:SourceVpce",
  "aws:VpcSourceIp",
  "aws:VpceAccount",
  "aws:VpceOrgID",
  "aws:VpceOrgPaths",
  "aws:userid",
  "kms:CallerAccount",
  "s3:DataAccessPointAccount",
  "s3:DataAccessPointArn",
  // Only from inside the file system's network.
  "elasticfilesystem:AccessedViaMountTarget",
  // Who may call a function's URL is for `api-authorization`; a token of an event source is a secret.
  "lambda:EventSourceToken",
  "lambda:FunctionUrlAuthType",
  "lambda:InvokedViaFunctionUrl",
];

/** What a service encrypts, such as a log group, says on whose behalf it uses a key. */
const usesOfKeys = ["kms:EncryptionContext:*"];

const positive = /^(ForAnyValue:)?((String|Arn)(Equals|Like)(IgnoreCase)?|IpAddress|Bool)$/i;
const negative = /^(For(Any|All)Values?:)?((String|Arn)Not(Equals|Like)(IgnoreCase)?|NotIpAddress|Bool)(IfExists)?$/i;

/** Whether a condition of a statement compares one of the keys, and only with values that are not wide. */
function isLimited(statement: Statement, operators: RegExp, keys: string[]): boolean {
  const compared = mapsOf(statement, "Condition").flatMap((condition) =>
    Object.keys(condition.value)
      .filter((operator) => operators.test(operator))
      .flatMap((operator) => mapsOf(condition, operator)),
  );
  return anyOf(
    ...compared.flatMap((operands) =>
      Object.keys(operands.value)
        .filter((key) => keys.some((pattern) => matches(pattern, key)))
        .map((key) => () => !elementsOf(operands, key).some(isWideOrMissing)),
    ),
  );
}

function isWideOrMissing(reading: Reading): boolean {
  return reading.state === "known" ? isWide(String(reading.value)) : reading.state !== "unknown";
}

/** IAM's patterns, and its names of keys and actions, ignore case. */
function matches(pattern: string, text: string): boolean {
  return wildcard(pattern.toLowerCase(), text.toLowerCase());
}
