import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

const name = new pulumi.Config().require("captured");
// An iterator cannot be captured.
const captured = name === "iterator" ? [name].values() : name;
const callback = new aws.lambda.CallbackFunction("callback", { callback: async () => captured });

export const handler = callback.handler;
