import { AwsError } from "../../core/awsError";
import { defineService } from "../../core/defineService";
import { type Connection, QUOTAS } from "./connection";

/** The open connections of all WebSocket APIs. */
export interface Connections {
  find(id: string): Connection | undefined;
}

type Named = { ConnectionId: string };

/**
 * What functions do with the connections of WebSocket APIs. Ids are unique, so the API and the stage that the caller's
 * endpoint may have before `/@connections` make no difference.
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-how-to-call-websocket-api-connections.html
 */
export const apiGatewayManagementApi = defineService<Connections>(
  "apigatewaymanagementapi",
  {
    PostToConnection: (connections, { ConnectionId, Data }: Named & { Data: Buffer }) => {
      // An error of its own, so the extras of the model raise the bound that would be a ValidationException.
      if (Data.length > QUOTAS.messageBytes) throw new AwsError("PayloadTooLargeException", "");
      open(connections, ConnectionId).send(Data);
    },
    GetConnection: (connections, { ConnectionId }: Named) => {
      const { connectedAt, lastActiveAt, request } = open(connections, ConnectionId);
      const Identity = { SourceIp: request.sourceIp, UserAgent: request.headers["user-agent"] ?? "" };
      return { ConnectedAt: connectedAt, Identity, LastActiveAt: lastActiveAt };
    },
    DeleteConnection: (connections, { ConnectionId }: Named) => open(connections, ConnectionId).end(1000),
  },
  {
    signingName: "execute-api",
    urlOf: ({ request: { url = "/" } }) => url.replace(/^.*?(?=\/(?:@|%40)connections\/)/i, ""),
  },
);

function open(connections: Connections, id: string): Connection {
  const connection = connections.find(id);
  if (!connection) throw new AwsError("GoneException", "");
  return connection;
}
