import { partitionOf } from "../../../engine/partition";
import { accessRequest, type Caller } from "../../core/iam/caller";
import { type AccessRequest, type Effect, effectOf, statementsIn, strongest } from "../../core/iam/policy";
import { asMap, asTexts, type Settings } from "../../core/resources";
import type { ApiModel } from "../definition/model";
import type { GatewayRequest } from "../request/request";
import { IamRejection } from "../responses/responses";

const INVOKE = "execute-api:Invoke";

type Place = Pick<GatewayRequest, "api" | "stage">;

/** The ARN of what a request invokes. @param what such as `GET/items/1` */
export function invokedArn({ api: { id, account, region }, stage }: Place, what: string): string {
  return `arn:${partitionOf(region).partition}:execute-api:${region}:${account}:${id}/${stage.name}/${what}`;
}

/** The ARN of the method that a request invokes, without a slash at its end, which routes ignore. */
export function methodArnOf(request: GatewayRequest): string {
  return invokedArn(request, `${request.method}/${request.path.replace(/^\/|\/$/g, "")}`);
}

/** A request as policies see it, besides who makes it. */
export function invocationOf(request: GatewayRequest, arn: string, caller?: Caller): AccessRequest {
  return accessRequest(INVOKE, arn, { ...request, region: request.api.region }, caller);
}

/** What the policy that an authorizer has returned says of a request; as text, it is none. */
export function effectOfGrant(policyDocument: unknown, request: GatewayRequest, arn: string): Effect | undefined {
  return effectOf(statementsIn(asMap(policyDocument)) ?? [], invocationOf(request, arn));
}

/** Why a caller may not do something, in IAM's words, which hide most of the account. */
export function refusalOf(effect: Effect | undefined, action: string, arn: string, caller?: Caller): string {
  const hidden = arn.replace(/:\d{8}(\d{4}):/, ":********$1:");
  const message = `User: ${caller?.arn ?? "anonymous"} is not authorized to perform: ${action} on resource: ${hidden}`;
  return effect === "Deny" ? `${message} with an explicit deny` : message;
}

/** @throws IamRejection if nothing allows a caller the request */
export function demandAllow(effect: Effect | undefined, arn: string, caller?: Caller): void {
  if (effect !== "Allow") throw new IamRejection(refusalOf(effect, INVOKE, arn, caller));
}

/** The resource policy of a REST API, which together with the policies of its callers decides about requests. */
export class ResourcePolicy {
  private readonly statements: Settings[] | undefined;

  constructor({ policy, id, account, region }: ApiModel) {
    const prefix = `arn:${partitionOf(region).partition}:execute-api:${region}:${account}:${id}`;
    const whole = (given: unknown) =>
      given === undefined
        ? undefined
        : asTexts([given].flat()).map((arn) => arn.replace(/^execute-api:(?=\/)/, prefix));
    this.statements = policy?.map((statement) => ({
      ...statement,
      ...(statement.Resource !== undefined && { Resource: whole(statement.Resource) }),
      ...(statement.NotResource !== undefined && { NotResource: whole(statement.NotResource) }),
    }));
  }

  /** Whether the API has one. */
  get exists(): boolean {
    return this.statements !== undefined;
  }

  /** @throws IamRejection if it denies a request to whoever makes it, before anything else is asked */
  refuseDenied(request: GatewayRequest): void {
    if (!this.statements) return;
    const arn = methodArnOf(request);
    if (this.effectOn(invocationOf(request, arn)) === "Deny") demandAllow("Deny", arn);
  }

  /** @throws IamRejection unless it allows a request by itself, as it must where the caller has no policies */
  demandAllow(request: GatewayRequest): void {
    const arn = methodArnOf(request);
    demandAllow(this.effectOn(invocationOf(request, arn)), arn);
  }

  /** @throws IamRejection unless it or the caller's own policies allow a request, and neither denies it */
  checkCaller(request: GatewayRequest, caller: Caller): void {
    const arn = methodArnOf(request);
    const asked = invocationOf(request, arn, caller);
    demandAllow(strongest(caller.effectOn(asked), this.effectOn(asked)), arn, caller);
  }

  /** What it and the policy that a Lambda authorizer has returned say together. */
  withGrant(request: GatewayRequest, policyDocument: unknown): Effect | undefined {
    const arn = methodArnOf(request);
    return strongest(effectOfGrant(policyDocument, request, arn), this.effectOn(invocationOf(request, arn)));
  }

  private effectOn(request: AccessRequest): Effect | undefined {
    return this.statements && effectOf(this.statements, request);
  }
}
