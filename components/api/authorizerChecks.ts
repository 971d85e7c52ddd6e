import { nearest } from "../nearest";
import { isLater } from "../schema/check";
import { below, listOf, type Mistakes } from "../validation";
import type { AuthorizerArgs, JwtAuthorizerArgs, LambdaAuthorizerArgs, ServerlessApiArgs } from "./args";
import { AuthorizerPayload, LambdaAuthorizerType } from "./args";
import { authorizerPermission, defaultSources } from "./authorizers";
import { oneOf } from "./oneOf";
import { resolveRoutes } from "./routes";
import { headersOf, issuerMistake, reservedClaims } from "./rules/authorizer";
import { reservedAuths } from "./rules/document";
import { isPattern } from "./rules/pattern";

/** Adds the mistakes in an API's authorizers, and in the routes that name them. */
export function checkAuthorizers(mistakes: Mistakes, args: ServerlessApiArgs, isHttp: boolean): void {
  const { authorizers = {}, auth, routes } = args;
  for (const [name, authorizer] of Object.entries(authorizers)) {
    const path = below("authorizers", name);
    const isName = /^[\w-]{1,128}$/.test(name) && !reservedAuths.includes(name);
    mistakes.check(
      isName,
      path,
      `is no name for an authorizer; write up to 128 letters, digits, \`_\` and \`-\`, but none of ${listOf(reservedAuths)}`,
    );
    const taken = Object.entries(routes).find(([, { operationId }]) => operationId === authorizerPermission(name));
    if (taken)
      mistakes.add(
        `${below("routes", taken[0])}.operationId`,
        `would name the permission of the authorizer ${name} too; write another`,
      );
    oneOf(mistakes, authorizer, ["jwt", "cognito", "lambda"], path);
    checkKind(mistakes, authorizer, path, isHttp);
  }
  checkAuth(mistakes, auth, "auth", authorizers);
  for (const [key, route] of Object.entries(routes))
    checkAuth(mistakes, route.auth, `${below("routes", key)}.auth`, authorizers);
  checkScopes(mistakes, args);
}

function checkAuth(mistakes: Mistakes, auth: string | undefined, path: string, authorizers: object): void {
  const names = ["iam", "none", ...Object.keys(authorizers)];
  if (auth === undefined || names.includes(auth)) return;
  const meant = nearest(auth, names).map((name) => `"${name}"`);
  const instead =
    meant.length > 0 ? `did you mean ${listOf(meant)}?` : `write ${listOf(names.map((name) => `"${name}"`))}`;
  mistakes
    .from(below("authorizers", auth))
    .add(path, `is "${auth}", which is not one of the API's \`authorizers\`; ${instead}`);
}

function checkScopes(mistakes: Mistakes, args: ServerlessApiArgs): void {
  for (const { name, auth, scopes } of resolveRoutes(args)) {
    const authorizer = args.authorizers?.[auth];
    if (!scopes || (authorizer && !authorizer.lambda)) continue;
    const reason = authorizer
      ? `a function decides in "${auth}"; let it check them`
      : `\`auth\` is "${auth}", which knows no scopes`;
    mistakes
      .from("auth", below("authorizers", auth), `${below("routes", name)}.auth`)
      .add(`${below("routes", name)}.scopes`, `${reason}, or write an authorizer with \`jwt\` or \`cognito\``);
  }
}

function checkKind(mistakes: Mistakes, { jwt, cognito, lambda }: AuthorizerArgs, path: string, isHttp: boolean): void {
  if (jwt) checkJwt(mistakes, jwt, `${path}.jwt`, isHttp);
  if (lambda) checkLambda(mistakes, lambda, `${path}.lambda`, isHttp);
  if (!cognito) return;
  for (const [index, arn] of cognito.userPoolArns.entries()) {
    const isPool = isLater(arn) || /^arn:[\w-]+:cognito-idp:[\w-]+:\d{12}:userpool\/[\w-]+$/.test(arn as string);
    mistakes.check(isPool, `${path}.cognito.userPoolArns[${index}]`, `is "${arn}"; write the ARN of a user pool`);
  }
  const instead =
    "write `jwt` with the issuer https://cognito-idp.REGION.amazonaws.com/POOL, and the ids of its clients as audiences";
  mistakes.check(!isHttp, `${path}.cognito`, `is not for HTTP APIs: ${instead}`);
}

function checkJwt(
  mistakes: Mistakes,
  { issuers, algorithms, native }: JwtAuthorizerArgs,
  path: string,
  isHttp: boolean,
): void {
  const seen = new Map<unknown, number>();
  for (const [index, { issuer, audiences, additionalClaims = {} }] of issuers.entries()) {
    const place = `${path}.issuers[${index}]`;
    if (!isLater(issuer)) {
      const mistake = issuerMistake(issuer as string);
      if (mistake) mistakes.add(`${place}.issuer`, `"${issuer}" ${mistake}`);
      const first = seen.get(issuer);
      if (first !== undefined)
        mistakes.add(`${place}.issuer`, `"${issuer}" is issuers[${first}] too; write all its audiences there`);
      else seen.set(issuer, index);
    }
    for (const [at, audience] of audiences.entries())
      mistakes.check(audience !== "", `${place}.audiences[${at}]`, "is empty; write an audience");
    for (const claim of Object.keys(additionalClaims)) {
      const claimPath = below(`${place}.additionalClaims`, claim);
      mistakes.check(
        claim !== "" && !reservedClaims.includes(claim),
        claimPath,
        "is checked anyway, or by `scopes`; leave it out",
      );
      for (const [at, value] of (additionalClaims[claim]?.expectedValues ?? []).entries()) {
        mistakes.check(value !== "", `${claimPath}.expectedValues[${at}]`, "is empty; write a value");
      }
    }
    const hasClaims = Object.keys(additionalClaims).length > 0;
    mistakes.check(!(isHttp && hasClaims), `${place}.additionalClaims`, notInHttp("let the functions check them"));
  }
  if (!isHttp) return;
  mistakes.check(
    issuers.length < 2,
    `${path}.issuers`,
    notInHttp("one authorizer trusts one issuer; write an authorizer for each"),
  );
  mistakes.check(native !== false, `${path}.native`, notInHttp("they verify tokens themselves; leave it out"));
  mistakes.check(
    algorithms === undefined,
    `${path}.algorithms`,
    notInHttp("they take what the issuer signs with RSA; leave it out"),
  );
}

function checkLambda(mistakes: Mistakes, args: LambdaAuthorizerArgs, path: string, isHttp: boolean): void {
  const { type, identitySources = defaultSources, resultTtlInSeconds = 300, validationExpression } = args;
  const isToken = type === LambdaAuthorizerType.Token;
  const typed = mistakes.from(`${path}.type`);
  typed.check(
    !isToken || (identitySources.length === 1 && headersOf(identitySources).length === 1),
    `${path}.identitySources`,
    'must be one header for a "token" authorizer; write it, or `type: "request"`',
  );
  mistakes
    .from(`${path}.resultTtlInSeconds`)
    .check(
      identitySources.length > 0 || resultTtlInSeconds === 0,
      `${path}.identitySources`,
      "is empty, but by these results are kept; write one, or `resultTtlInSeconds: 0`",
    );
  typed.check(
    validationExpression === undefined || isToken,
    `${path}.validationExpression`,
    'is only for a "token" authorizer; leave it out, or write `type: "token"`',
  );
  mistakes.check(
    isPattern(validationExpression ?? ""),
    `${path}.validationExpression`,
    "is no regular expression; write one such as ^Bearer [-0-9a-zA-Z._]+$",
  );
  if (isHttp) {
    mistakes.check(!isToken, `${path}.type`, notInHttp('write "request"'));
    const isSimple = args.simpleResponses === true && args.payloadVersion !== AuthorizerPayload.V2;
    mistakes
      .from(`${path}.payloadVersion`)
      .check(!isSimple, `${path}.simpleResponses`, `needs \`payloadVersion: "${AuthorizerPayload.V2}"\``);
  } else {
    for (const member of ["payloadVersion", "simpleResponses"] as const) {
      mistakes.check(args[member] === undefined, `${path}.${member}`, "is only for HTTP APIs; leave it out");
    }
  }
}

function notInHttp(reason: string): string {
  return `is not for HTTP APIs: ${reason}`;
}
