import { AwsError } from "../../core/awsError";
import { defineService } from "../../core/defineService";
import { accessRequest, type Caller } from "../../core/iam/caller";
import type { Call } from "../../core/service";
import { invokedArn, refusalOf } from "../authorizers/access";
import { type Connection, QUOTAS } from "./connection";

/** The open connections of all WebSocket APIs. */
export interface Connections {
  find(id: string): Connection | undefined;
  /** Who signs with an access key. */
  callerOf(accessKeyId: string, region: string): Caller;
}

const MANAGE = "execute-api:ManageConnections";

type Named = { ConnectionId: string };

/**
 * What functions do with the connections of WebSocket APIs. Ids are unique, so the API and the stage that the caller's
 * endpoint may have before `/@connections` make no difference.
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-how-to-call-websocket-api-connections.html
 */
export const apiGatewayManagementApi = defineService<Connections>(
  "apigatewaymanagementapi",
  {
    PostToConnection: (connections, { ConnectionId, Data }: Named & { Data: Buffer }, call) => {
      // An error of its own, so the extras of the model raise the bound that would be a ValidationException.
      if (Data.length > QUOTAS.messageBytes) throw new AwsError("PayloadTooLargeException", "");
      open(connections, ConnectionId, call).send(Data);
    },
    GetConnection: (connections, { ConnectionId }: Named, call) => {
      const { connectedAt, lastActiveAt, request } = open(connections, ConnectionId, call);
      const Identity = { SourceIp: request.sourceIp, UserAgent: request.headers["user-agent"] ?? "" };
      return { ConnectedAt: connectedAt, Identity, LastActiveAt: lastActiveAt };
    },
    DeleteConnection: (connections, { ConnectionId }: Named, call) => open(connections, ConnectionId, call).end(1000),
  },
  {
    signingName: "execute-api",
    urlOf: ({ request: { url = "/" } }) => url.replace(/^.*?(?=\/(?:@|%40)connections\/)/i, ""),
  },
);

function open(connections: Connections, id: string, call: Pick<Call, "request" | "scope">): Connection {
  const connection = connections.find(id);
  if (!connection) throw new AwsError("GoneException", "");
  const { scope, request } = call;
  const caller = connections.callerOf(scope.accessKeyId, scope.region);
  const arn = invokedArn(connection.request, `${request.method}/@connections/${id}`);
  const received = {
    sourceIp: request.socket.remoteAddress ?? "",
    headers: request.headers,
    time: Date.now(),
    region: scope.region,
  };
  const effect = caller.effectOn(accessRequest(MANAGE, arn, received, caller));
  if (effect !== "Allow") throw new AwsError("AccessDeniedException", refusalOf(effect, MANAGE, arn, caller), 403);
  return connection;
}
