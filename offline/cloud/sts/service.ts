import { readBody } from "../core/body";
import { refuse } from "../core/refusal";
import type { Service } from "../core/types";

/** STS as far as programs need it to find out who they are. */
export function createSts(account: string): Service {
  return async (request, response, { accessKeyId }) => {
    const action = new URLSearchParams((await readBody(request)).toString()).get("Action");
    if (action !== "GetCallerIdentity") {
      const message = `sts ${action} is not emulated offline, only GetCallerIdentity is. Point sts elsewhere with --endpoint sts=http://HOST:PORT`;
      return refuse(request, response, 501, "NotEmulated", message);
    }
    const identity = `<Arn>arn:aws:iam::${account}:user/offline</Arn><UserId>${accessKeyId}</UserId><Account>${account}</Account>`;
    response.writeHead(200, { "Content-Type": "text/xml" });
    response.end(
      `<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult>${identity}` +
        `</GetCallerIdentityResult><ResponseMetadata><RequestId>offline</RequestId></ResponseMetadata></GetCallerIdentityResponse>`,
    );
  };
}
