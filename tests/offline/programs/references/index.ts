import * as pulumi from "@pulumi/pulumi";

const stack = new pulumi.Config().get("network") ?? "acme/network/dev";
export const vpcId = new pulumi.StackReference(stack).requireOutput("vpcId");
