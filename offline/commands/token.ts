import { type Command, InvalidArgumentError } from "commander";
import type { TokenRequest } from "../cloud/issuer/claims";
import { tryJson } from "../engine/documents";
import { callJson } from "./callService";
import { list, pair, readDuration, text } from "./options";
import { addSessionOptions, findSession, type SessionFlags } from "./sessions";

interface TokenFlags extends SessionFlags {
  sub: string;
  scope: string[];
  audience?: string;
  issuer?: string;
  claim: Record<string, string>;
  expiresIn: number;
  api?: string;
  idToken?: boolean;
}

/** Adds the command `token`. */
export function addToken(program: Command, signal: AbortSignal): void {
  addSessionOptions(
    program
      .command("token")
      .description("print a token that the APIs of a program that start serves accept")
      .option("--sub <subject>", "who the token is about", text, "offline-user")
      .option("--scope <scope>", "a scope that it grants, or several with spaces; repeatable", list, [])
      .option("--audience <audience>", "who it is for (default: the first that the authorizer accepts)", text)
      .option("--issuer <url>", "who seems to have issued it (default: the authorizer's first issuer)", text)
      .option("--claim <name=value>", "another claim; lists and objects are JSON; repeatable", pair, {})
      .option("--expires-in <duration>", "such as 90s, 15m or 1d; -1m has expired", readLifetime, 3600)
      .option("--api <name>", "the API that it is for, if several have authorizers", text)
      .option("--id-token", "an ID token of a user pool, even if there are scopes"),
  ).action((flags: TokenFlags) => printToken(flags, signal));
}

async function printToken(flags: TokenFlags, signal: AbortSignal): Promise<void> {
  const { sub, audience, issuer, expiresIn, api, idToken = false } = flags;
  const scopes = flags.scope.flatMap((one) => one.split(" ").filter(Boolean));
  const claims = Object.fromEntries(Object.entries(flags.claim).map(([name, value]) => [name, claimOf(value)]));
  const request: TokenRequest = { sub, scopes, audience, issuer, claims, expiresIn, api, idToken };
  const session = findSession(flags);
  const { token } = await callJson<{ token: string }>(session, "offline-issuer", "Offline.Token", request, signal);
  process.stdout.write(`${token}\n`);
}

/** Numbers and `true` are texts, as authorizers can only demand texts of claims. */
function claimOf(value: string): unknown {
  const parsed = tryJson(value);
  return typeof parsed === "object" && parsed !== null ? parsed : value;
}

/** In seconds. */
function readLifetime(given: string): number {
  const duration = readDuration(given.replace(/^-/, ""));
  if (duration === undefined) throw new InvalidArgumentError("Write a duration such as 90s, 15m or 1d.");
  return (given.startsWith("-") ? -duration : duration) / 1000;
}
