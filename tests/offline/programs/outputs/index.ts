import * as pulumi from "@pulumi/pulumi";

class Part extends pulumi.ComponentResource {
  constructor(name: string, outputs: Record<string, unknown>, parent?: pulumi.Resource, type = "outputs:index:Part") {
    super(type, name, {}, { parent });
    this.registerOutputs(outputs);
  }
}

const shop = new Part("shop", { url: "/shop", openapi: "3.0.1" }, undefined, "outputs:index:Shop");
new Part("shop", { url: "/part" }, shop);
new Part("shop", {}, shop, "outputs:index:Silent");
new Part("only", { length: 1 });
