import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

function fail(): never {
  throw new TypeError("broken at once", { cause: new Error("the cause") });
}

const ways: Record<string, () => unknown> = {
  sync: fail,
  apply: () => new aws.s3.Bucket("bucket").id.apply((id) => Promise.reject(new Error(`broken for ${id.slice(0, 6)}`))),
  rejected: () => void Promise.reject(new Error("broken later")),
  duplicate: () => [new aws.s3.Bucket("twice"), new aws.s3.Bucket("twice")],
  logged: () => pulumi.log.error("broken politely"),
  never: () => {
    new aws.s3.Bucket("last");
    setInterval(() => undefined, 1000);
  },
  exit: () => {
    console.log("before the end");
    process.exit(3);
  },
  hook: () =>
    new aws.s3.Bucket("hooked", {}, { hooks: { beforeCreate: [() => Promise.reject(new Error("no buckets today"))] } }),
  hookNames: () => {
    const beforeCreate = [new pulumi.ResourceHook("one", () => undefined)];
    const onError = [new pulumi.ErrorHook("one", () => false)];
    return new aws.s3.Bucket("hooked", {}, { hooks: { beforeCreate, onError } });
  },
  secret: () => {
    throw new Error("no secret in here");
  },
};

const way = ways[new pulumi.Config().require("how")];
export const result = way ? void way() : undefined;
