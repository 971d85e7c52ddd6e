import { randomUUID } from "node:crypto";
import { account, callerArn } from "../../engine/context";
import { notEmulated } from "../core/awsError";
import type { Call, Service } from "../core/service";
import { queryOf } from "../core/signature/signature";

/** The part of STS that tells programs who they are. */
export const sts: Service = { signingNames: ["sts"], handle };

function handle({ request, response, scope, body }: Call): void {
  const action = new URLSearchParams(body.toString()).get("Action") ?? queryOf(request.url ?? "").get("Action");
  if (action !== "GetCallerIdentity") throw notEmulated("sts", `sts ${action}`, ", only GetCallerIdentity");
  const identity = `<Arn>${callerArn(scope.region)}</Arn><UserId>${scope.accessKeyId}</UserId><Account>${account}</Account>`;
  const id = randomUUID();
  response.writeHead(200, { "Content-Type": "text/xml", "x-amzn-RequestId": id });
  response.end(
    `<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult>${identity}` +
      `</GetCallerIdentityResult><ResponseMetadata><RequestId>${id}</RequestId></ResponseMetadata></GetCallerIdentityResponse>`,
  );
}
