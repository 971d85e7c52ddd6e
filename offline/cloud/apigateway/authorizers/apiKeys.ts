import type { ApiModel, StageModel } from "../definition/model";
import type { GatewayRequest } from "../request/request";
import { Rejection } from "../responses/responses";
import type { Usage } from "./usage";

/**
 * Demands an API key whose usage plan covers the stage, and is not used up.
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-api-key-source.html
 */
export function compileKeyCheck(
  source: KeySource,
  stage: Pick<StageModel, "name" | "apiKeys">,
  usage: Usage,
): (request: GatewayRequest) => void {
  const isHeader = source === "HEADER";
  return (request) => {
    const given = isHeader ? request.headers["x-api-key"] : request.usageIdentifierKey;
    const key = stage.apiKeys.find(({ value }) => value === given);
    if (!key) {
      const explanation =
        stage.apiKeys.length === 0 ? `no usage plan with a key covers the stage ${stage.name}` : undefined;
      throw new Rejection("INVALID_API_KEY", "Forbidden", undefined, explanation);
    }
    const outcome = usage.take(key, `${request.resourcePath}/${request.method}`, request.time);
    if (outcome === "throttled") throw new Rejection("THROTTLED", "Too Many Requests");
    if (outcome === "used up") throw new Rejection("QUOTA_EXCEEDED", "Limit Exceeded");
    request.apiKey = key;
  };
}

/** Where callers' API keys are: in the header `x-api-key`, or in an authorizer's answer. */
export type KeySource = "HEADER" | "AUTHORIZER";

/** Where those of a REST API are. */
export function keySourceOf({ apiKeySource, document }: ApiModel): KeySource {
  const source = (apiKeySource || document["x-amazon-apigateway-api-key-source"] || "HEADER").toUpperCase();
  return source === "HEADER" ? "HEADER" : "AUTHORIZER";
}
