import * as pulumi from "@pulumi/pulumi";
import type { FunctionAccess } from "../../access";

/** How a function may use the API's connections: `send` to them, or `manage` them: send, look them up and close them. */
export type WebSocketAccessLevel = "send" | "manage";

/** Which environment variables `access()` sets. */
export interface WebSocketAccessOptions {
  /**
   * The environment variable that holds the URL of the API's connections.
   * @default "AWS_ENDPOINT_URL_APIGATEWAYMANAGEMENTAPI", which makes it the endpoint of the AWS SDKs' clients
   */
  environmentName?: string;
}

interface Target {
  managementUrl: pulumi.Output<string>;
  executionArn: pulumi.Output<string>;
  stageName: pulumi.Output<string>;
  connectionsAccess?: FunctionAccess;
}

const methods: Record<WebSocketAccessLevel, string> = { send: "POST", manage: "*" };

/** @see "Use IAM authorization for @connections": `execute-api:ManageConnections` */
export function connectionAccess(
  level: WebSocketAccessLevel,
  { managementUrl, executionArn, stageName, connectionsAccess }: Target,
  { environmentName = "AWS_ENDPOINT_URL_APIGATEWAYMANAGEMENTAPI" }: WebSocketAccessOptions,
): FunctionAccess {
  const resources = [pulumi.interpolate`${executionArn}/${stageName}/${methods[level]}/@connections/*`];
  return {
    environment: { [environmentName]: managementUrl, ...connectionsAccess?.environment },
    statements: [{ actions: ["execute-api:ManageConnections"], resources }, ...(connectionsAccess?.statements ?? [])],
  };
}
