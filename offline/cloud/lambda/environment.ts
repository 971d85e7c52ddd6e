import { functionCredentials } from "../core/iam/keys";
import { withLocalQueues } from "../core/queueUrls";
import type { CodeContext } from "../core/types";
import type { FunctionModel } from "./model";

/**
 * The environment variables of a function.
 * @param root the folder of its code
 * @see https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html (defined runtime environment variables)
 */
export function environmentOf(
  model: FunctionModel,
  root: string,
  logStreamName: string,
  { endpoint, credentials }: CodeContext,
): Record<string, string> {
  const { role, name } = model;
  const { accessKeyId, secretAccessKey } = role ? functionCredentials(credentials, role, name) : credentials;
  return {
    LANG: "en_US.UTF-8",
    // The SDK's warning is about the runtime in the cloud, not about this machine's Node.js.
    AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: "true",
    TZ: ":UTC",
    PATH: process.env.PATH ?? "",
    AWS_ENDPOINT_URL: endpoint,
    AWS_XRAY_CONTEXT_MISSING: "LOG_ERROR",
    AWS_XRAY_DAEMON_ADDRESS: "127.0.0.1:2000",
    ...withLocalServices(withLocalQueues(model.environment, endpoint), endpoint),
    PWD: root,
    _HANDLER: model.handler,
    LAMBDA_TASK_ROOT: root,
    LAMBDA_RUNTIME_DIR: "/var/runtime",
    AWS_EXECUTION_ENV: `AWS_Lambda_${model.runtime}`,
    AWS_REGION: model.region,
    AWS_DEFAULT_REGION: model.region,
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
    AWS_SESSION_TOKEN: "offline",
    AWS_LAMBDA_FUNCTION_NAME: name,
    AWS_LAMBDA_FUNCTION_VERSION: "$LATEST",
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(model.memorySize),
    AWS_LAMBDA_INITIALIZATION_TYPE: "on-demand",
    AWS_LAMBDA_LOG_GROUP_NAME: model.logGroup,
    AWS_LAMBDA_LOG_STREAM_NAME: logStreamName,
    ...(model.jsonLogLevel && { AWS_LAMBDA_LOG_FORMAT: "JSON", AWS_LAMBDA_LOG_LEVEL: model.jsonLogLevel }),
  };
}

/** Lets SDKs find services here that the program gives an address of their own on AWS, as APIs have for connections. */
function withLocalServices(environment: Record<string, string>, endpoint: string): Record<string, string> {
  const entries = Object.entries(environment).map(([name, value]) => {
    if (!name.startsWith("AWS_ENDPOINT_URL_")) return [name, value];
    // An API's connections may be at a domain of the program's own.
    const address = name === "AWS_ENDPOINT_URL_APIGATEWAYMANAGEMENTAPI" ? ANY_HOST : AWS_HOST;
    return [name, value.replace(address, endpoint)];
  });
  return Object.fromEntries(entries);
}

const ANY_HOST = /^https:\/\/[\w.-]+(?=\/|$)/;
const AWS_HOST = /^https:\/\/[\w.-]+\.amazonaws\.(?:com(?:\.cn)?|eu)(?=\/|$)/;
