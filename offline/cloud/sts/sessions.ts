import type { IncomingMessage } from "node:http";
import { AwsError } from "../core/awsError";
import { accessRequest, type Caller } from "../core/iam/caller";
import type { Identities } from "../core/iam/identities";
import { effectOf, statementsIn } from "../core/iam/policy";
import { asNumber, type Settings } from "../core/resources";
import type { Scope } from "../core/types";

export type AssumeRoleInput = {
  RoleArn: string;
  RoleSessionName: string;
  DurationSeconds?: number;
  ExternalId?: string;
  Policy?: string;
};

/** In seconds, unless the role or the caller says otherwise. */
const DEFAULT_DURATION = 3600;

/**
 * Begins a session of a role of the program. The developer may try out every role; users and other roles are held to the
 * role's trust policy.
 * @throws AwsError
 * @see https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html
 */
export function assumeRole(
  identities: Identities,
  { RoleArn: arn, RoleSessionName: session, ...input }: AssumeRoleInput,
  { request, scope }: { request: IncomingMessage; scope: Scope },
) {
  const caller = identities.callerOf(scope.accessKeyId, scope.region);
  const role = identities.role(arn);
  if (
    !role ||
    !(identities.isAdministrator(caller) || isTrusted(caller, role, arn, input.ExternalId, request, scope))
  ) {
    const message = `User: ${caller.arn} is not authorized to perform: sts:AssumeRole on resource: ${arn}`;
    throw new AwsError("AccessDenied", message, 403);
  }
  const seconds = input.DurationSeconds ?? DEFAULT_DURATION;
  if (seconds > (asNumber(role.maxSessionDuration) ?? DEFAULT_DURATION)) {
    const message = "The requested DurationSeconds exceeds the MaxSessionDuration set for this role.";
    throw new AwsError("ValidationError", message);
  }
  const limit = input.Policy === undefined ? undefined : statementsIn(input.Policy);
  if (input.Policy !== undefined && !limit) {
    throw new AwsError("MalformedPolicyDocument", "The policy is not in the valid JSON format.");
  }
  const begun = identities.begin({ arn, session, limit }, seconds);
  const { accessKeyId, secretAccessKey, sessionToken } = begun.credentials;
  return {
    Credentials: {
      AccessKeyId: accessKeyId,
      SecretAccessKey: secretAccessKey,
      SessionToken: sessionToken,
      Expiration: begun.expires,
    },
    AssumedRoleUser: { AssumedRoleId: begun.caller.userId, Arn: begun.caller.arn },
  };
}

/** A role that trusts the account leaves it to the policies of the caller. */
function isTrusted(
  caller: Caller,
  { assumeRolePolicy }: Settings,
  arn: string,
  externalId: string | undefined,
  { headers, socket }: IncomingMessage,
  { region }: Scope,
): boolean {
  const received = { sourceIp: socket.remoteAddress ?? "", headers, time: Date.now(), region };
  const { facts, ...asked } = accessRequest("sts:AssumeRole", arn, received, caller);
  const request = { ...asked, facts: { ...facts, "sts:externalid": externalId } };
  // Trust policies name no resource: it is the role.
  const trust = (statementsIn(assumeRolePolicy) ?? []).map((statement) => ({ Resource: "*", ...statement }));
  const direct = effectOf(trust, request);
  const own = caller.effectOn(request);
  if (direct === "Deny" || own === "Deny") return false;
  const account = arn.split(":")[4] ?? "";
  const root = arn.replace(/:role\/.*$/, ":root");
  const asAccount = effectOf(trust, { ...request, names: [...request.names, account, root] });
  return direct === "Allow" || (own === "Allow" && asAccount === "Allow");
}
