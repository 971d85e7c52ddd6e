import { PolicyPack, type ResourceValidationPolicy, type StackValidationPolicy } from "@pulumi/policy";

const topicType = "aws:sns/topic:Topic";

/** The SDK takes more than its type says. */
function reportDetails(report: unknown, details: { message: string; severity?: string; enforcementLevel?: string }) {
  (report as (violation: object) => void)(details);
}

const advisory: ResourceValidationPolicy = {
  name: "advisory",
  description: "Topics are advised against.",
  enforcementLevel: "advisory",
  severity: "low",
  validateResource: ({ type }, report) => {
    if (type !== topicType) return;
    report("The first.");
    reportDetails(report, { message: "The second.", severity: "critical" });
  },
};

const mandatory: ResourceValidationPolicy = {
  name: "mandatory",
  description: "Topics have a name.",
  enforcementLevel: "mandatory",
  validateResource: ({ type, props }, report) => {
    if (type === topicType && !props.name) report("Give it a name.");
  },
};

const disabled: ResourceValidationPolicy = {
  name: "disabled",
  description: "Nothing is right.",
  enforcementLevel: "disabled",
  validateResource: (_, report) => report(""),
};

const left: ResourceValidationPolicy = {
  name: "left",
  description: "Topics are encrypted.",
  enforcementLevel: "remediate",
  remediateResource: () => undefined,
  validateResource: ({ type }, report) => {
    if (type === topicType)
      reportDetails(report, { message: "Nothing was remediated.", enforcementLevel: "remediate" });
  },
};

/** Tells its configuration by a violation. */
const configured: ResourceValidationPolicy = {
  name: "configured",
  description: "What was configured.",
  configSchema: {
    properties: {
      max: { type: "integer", minimum: 1, default: 3 },
      names: { type: "array", items: { type: "string" } },
      author: { type: "string", default: "nobody" },
    },
  },
  validateResource: ({ type, getConfig }, report) => {
    if (type === topicType) report(JSON.stringify(getConfig()));
  },
};

/** Tells which resources it saw by a violation. */
const seen: StackValidationPolicy = {
  name: "seen",
  description: "What was seen.",
  validateStack: ({ resources }, report) => {
    console.log("said while it checked");
    const topic = resources.find(({ type }) => type === topicType);
    const names = resources.map(({ name, type }) => `${type} ${name}`).sort();
    report(JSON.stringify({ names, dependencies: topic?.propertyDependencies.tags?.map(({ name }) => name) }));
    report("Of the topic.", topic?.urn);
  },
};

new PolicyPack(
  "levels",
  { policies: [advisory, mandatory, disabled, left, configured, seen] },
  { configured: { enforcementLevel: "advisory", author: "somebody" } },
);
