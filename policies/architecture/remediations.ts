import type { ResourceRule } from "../lib/rule";
import { known, read } from "../lib/values";
import { isPureCode } from "./pureCode";

type Remediation = Required<Pick<ResourceRule, "remediate">> & Pick<ResourceRule, "settings">;

/** What can be mended without a person looking, by the name of the rule: it happens at the level `remediate` only. */
export const remediations: Record<string, Remediation> = {
  "lambda-arm64": {
    /**
     * Code without native parts runs on either architecture; images and layers may have some. Lambda@Edge, which needs
     * published versions, has no arm64.
     */
    remediate: async ({ type, props }) => {
      if (type !== "aws:lambda/function:Function") return false;
      const [code] = known(props, "code");
      const isScript =
        /^(nodejs|python)/.test(text(props, "runtime")) && read(props, "layers[]")[0]?.state === "missing";
      const mayPublish = read(props, "publish").some(
        (reading) => reading.state === "unknown" || (reading.state === "known" && reading.value !== false),
      );
      if (!isScript || mayPublish || !isX86OrMissing(props, "architectures[]")) return false;
      if (!(await isPureCode(code))) return false;
      props.architectures = ["arm64"];
      return true;
    },
  },
  "batch-arm64": {
    settings: {
      replaceOptimal: {
        type: "boolean",
        default: false,
        description:
          "At the level remediate, make `optimal` to `default_arm64`. Every job of the queues must be arm64.",
      },
    },
    remediate: ({ type, props }, { replaceOptimal }) => {
      if (type !== "aws:batch/computeEnvironment:ComputeEnvironment" || replaceOptimal !== true) return false;
      const [only, ...others] = read(props, "computeResources.instanceTypes[]");
      if (others.length > 0 || only?.state !== "known" || only.value !== "optimal") return false;
      props.computeResources.instanceTypes[0] = "default_arm64";
      return true;
    },
  },
  "emr-serverless-arm64": {
    /** A custom image is built for one architecture. */
    remediate: ({ type, props }) => {
      if (type !== "aws:emrserverless/application:Application" || !isX86OrMissing(props, "architecture")) return false;
      if (read(props, "imageConfiguration")[0]?.state !== "missing") return false;
      props.architecture = "ARM64";
      return true;
    },
  },
};

function text(props: object, path: string): string {
  return String(known(props, path)[0] ?? "");
}

function isX86OrMissing(props: object, path: string): boolean {
  return read(props, path).every(
    (reading) => reading.state === "missing" || (reading.state === "known" && /^x86_64$/i.test(String(reading.value))),
  );
}
