import * as pulumi from "@pulumi/pulumi";
import { type FunctionAccess, LambdaFunction, WebSocketApi } from "pulumi-graviton";

// The function comes before the API that calls it, and gets its access to the API afterwards.
const [access, setAccess] = pulumi.deferredOutput<FunctionAccess>();
const chat = new LambdaFunction("chat", { entry: "handlers/chat.ts", access: [access] });
const api = new WebSocketApi("chat", {
  // Anyone may connect: write "iam" to ask for AWS signatures, or an `authorizer`.
  auth: "none",
  throttle: { rateLimit: 100, burstLimit: 50 },
  connections: {},
  routes: { $connect: { function: chat }, $disconnect: { function: chat }, $default: { function: chat } },
});
setAccess(pulumi.output(api.access("send")));

export const url = api.url;
