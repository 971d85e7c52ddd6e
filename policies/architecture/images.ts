import type { PolicyResource } from "@pulumi/policy";
import { type Architecture, architectureOf } from "pulumi-graviton/graviton";
import { show } from "../lib/messages";
import { behind } from "../lib/related";
import type { StackFinding, StackRule } from "../lib/rule";
import { note, unless, watch } from "../lib/unknowns";
import { isGiven, known, read } from "../lib/values";
import type { Kind } from "./judge";
import { architectureProperties, machineOf } from "./rules";

/** The kinds of properties that name the machines on which images run. */
const machineKinds: Kind[] = ["instanceType", "emrInstanceType"];

const launchTemplateType = "aws:ec2/launchTemplate:LaunchTemplate";

/** Compares images with the machines that start from them, which are often different resources. */
export const imageArchitecture: StackRule = {
  name: "image-architecture",
  description: "Machine images have the same architecture as the machines that start from them.",
  severity: "high",
  practice: "SUS05-BP02",
  tags: ["arm64", "ec2"],
  url: "https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/ComponentsAMIs.html",
  remediationSteps: "Give the machine an image for its architecture.",
  checkStack: (resources) => resources.flatMap((resource) => [...checkImages(resource), ...checkTemplates(resource)]),
};

function checkImages(resource: PolicyResource): StackFinding[] {
  const paths = (machineOf(resource.type).images ?? []).filter((path) => isGiven(resource.props, path));
  return paths.flatMap((path) => {
    const images = imagesAt(resource, path).filter(({ architecture }) => architecture !== "unknown");
    return images.flatMap((image) =>
      unless(
        () => suits(image, architecturesOf(resource)),
        () => {
          const machines = architecturesOf(resource).join(" and ");
          const message = `${path} is ${image.name}, an image for ${image.architecture}, but the machines are ${machines}.`;
          return [{ subject: resource, message }];
        },
      ),
    );
  });
}

/** Whether an image is for one of the machines, as far as their types reveal their architectures. */
function suits({ architecture }: Image, machines: Architecture[]): boolean {
  return machines.length === 0 || machines.includes(architecture);
}

/** A machine without an instance type has that of its launch template, which is known only if the stack declares it. */
function checkTemplates(resource: PolicyResource): StackFinding[] {
  const paths = machineOf(resource.type).launchTemplates ?? [];
  const given = paths.filter((path) => isGiven(resource.props, path));
  return given.flatMap((path) =>
    unless(
      () => choosesMachine(resource),
      () => checkTemplate(resource, path),
    ),
  );
}

function checkTemplate(resource: PolicyResource, path: string): StackFinding[] {
  const templates = behind(resource, path).filter(({ type }) => type === launchTemplateType);
  if (templates.length === 0) {
    const message = `${path} is a launch template of another stack, which may be for x86_64: write the instance type here.`;
    return [{ subject: resource, message, isUncertain: true }];
  }
  return templates
    .filter((template) => !choosesMachine(template))
    .map(({ name }) => ({
      subject: resource,
      message: `Neither this nor its launch template ${name} has an instance type, which means x86_64: write one.`,
    }));
}

/** Instance requirements choose too: if they list no types or manufacturers, the image's architecture decides. */
function choosesMachine({ type, props }: PolicyResource): boolean {
  const paths = instanceTypePathsOf(type).map((path) => path.replace(/(?<=\binstanceRequirements)\..*/, ""));
  return paths.some((path) => isGiven(props, path));
}

interface Image {
  name: string;
  architecture: Architecture;
}

/** The names of images and of the SSM parameters that hold their ids usually contain the architecture. */
function imageNamed(value: unknown): Image {
  const text = String(value);
  const name = show(text);
  if (/x86_64|amd64/i.test(text)) return { name, architecture: "x86_64" };
  return { name, architecture: /arm64|aarch64/i.test(text) ? "arm64" : "unknown" };
}

/** The images of a property; if the stack declares them, it does not matter that their ids are still unknown. */
function imagesAt(resource: PolicyResource, path: string): Image[] {
  const { result: named, unknowns } = watch(() => known(resource.props, path).map(imageNamed));
  const declared = imagesBehind(resource, path);
  if (declared.length === 0) note(unknowns);
  return [...named, ...declared];
}

/** AWS registers an image for x86_64 unless told otherwise. */
function imagesBehind(resource: PolicyResource, path: string): Image[] {
  return behind(resource, path)
    .filter(({ type }) => type === "aws:ec2/ami:Ami")
    .map(({ name, props }) => {
      const [reading] = read(props, "architecture");
      if (reading?.state === "unknown") return { name, architecture: "unknown" };
      const isArm = reading?.state === "known" && String(reading.value).startsWith("arm64");
      return { name, architecture: isArm ? "arm64" : "x86_64" };
    });
}

function architecturesOf(resource: PolicyResource): Architecture[] {
  const types = instanceTypePathsOf(resource.type).flatMap((path) => known(resource.props, path));
  const architectures = new Set(types.map((type) => architectureOf(String(type))));
  return [...architectures].filter((architecture) => architecture !== "unknown");
}

function instanceTypePathsOf(type: string): string[] {
  return architectureProperties
    .filter((property) => property.type === type && machineKinds.includes(property.kind))
    .map(({ path }) => path);
}
