import * as aws from "@pulumi/aws";

const greeting = "hello from a closure";
const callback = new aws.lambda.CallbackFunction("callback", { callback: async () => greeting });

export const handler = callback.handler;
