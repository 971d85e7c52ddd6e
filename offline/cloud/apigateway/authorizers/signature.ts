import type { Caller } from "../../core/iam/caller";
import type { Identities } from "../../core/iam/identities";
import { type Flaw, readSignature, SignatureError } from "../../core/signature/signature";
import { sha256, Verifier } from "../../core/signature/verifier";
import type { GatewayRequest } from "../request/request";
import { Rejection, type ResponseType } from "../responses/responses";

/** Checks that somebody who is known has signed a request, and returns who. @throws Rejection if nobody has */
export type SignatureCheck = (request: GatewayRequest) => Caller;

const REJECTIONS: Partial<Record<Flaw, ResponseType>> = {
  missing: "MISSING_AUTHENTICATION_TOKEN",
  expired: "EXPIRED_TOKEN",
};

export function createSignatureCheck(identities: Identities): SignatureCheck {
  const verifier = new Verifier((accessKeyId) => identities.keyOf(accessKeyId));
  return (request) => {
    try {
      const signature = readSignature(request);
      verifier.checkFacts(request, signature, request.time);
      const { accessKeyId, region, service, scope } = signature;
      if (service !== "execute-api" || region !== request.api.region) {
        const expected = `${scope.slice(0, 8)}/${request.api.region}/execute-api/aws4_request`;
        throw new SignatureError("malformed", `Credential should be scoped to ${expected}, not ${scope}.`);
      }
      verifier.verify(request, signature, sha256(request.body));
      return identities.callerOf(accessKeyId, region);
    } catch (error) {
      if (!(error instanceof SignatureError)) throw error;
      const missing = error.flaw === "missing" ? "Missing Authentication Token" : error.message;
      throw new Rejection(REJECTIONS[error.flaw] ?? "INVALID_SIGNATURE", missing);
    }
  };
}
