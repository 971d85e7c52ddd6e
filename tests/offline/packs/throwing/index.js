const { PolicyPack } = require("@pulumi/policy");

const topicType = "aws:sns/topic:Topic";

function throwOnStack({ type }, report) {
  if (type === "pulumi:pulumi:Stack") throw "no error at all";
  if (type === "tests:index:Team") report("");
}

function explode({ type }) {
  if (type === topicType) throw new TypeError("it broke");
}

new PolicyPack("throwing", {
  enforcementLevel: "mandatory",
  policies: [
    {
      name: "good-before",
      description: "Before.",
      validateResource: ({ type }, report) => type === topicType && report(""),
    },
    { name: "explodes", description: "Explodes.", validateResource: explode },
    { name: "explodes-too", description: "Explodes.", validateResource: async (args) => explode(args) },
    {
      name: "good-after",
      description: "After.",
      validateResource: ({ type }, report) => type === topicType && report(""),
    },
    { name: "remedy-explodes", description: "Explodes.", enforcementLevel: "remediate", remediateResource: explode },
    {
      name: "remedy",
      description: "Adds a name.",
      enforcementLevel: "remediate",
      remediateResource: ({ type, props }) => (type === topicType ? { ...props, displayName: "remedied" } : undefined),
    },
    { name: "throws-once", description: "Throws once.", validateResource: throwOnStack },
    { name: "stack-explodes", description: "Explodes.", validateStack: () => explode({ type: topicType }) },
    { name: "stack-good", description: "The stack.", validateStack: (_, report) => report("seen") },
  ],
});
