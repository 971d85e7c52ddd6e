/** Who may know whom: `npm run check` fails on an import that is not allowed here. */

/** Modules below `from` import nothing besides Node's own modules and what `allowed` names. */
const only = (name, from, allowed, comment) => ({
  name,
  comment,
  severity: "error",
  from: { path: from },
  to: { pathNot: allowed, dependencyTypesNot: ["core"] },
});

const never = (name, from, to, comment) => ({
  name,
  comment,
  severity: "error",
  from: typeof from === "string" ? { path: from } : from,
  to: { path: to },
});

const packages = (...names) => `^node_modules/(${names.join("|")})/`;

module.exports = {
  forbidden: [
    { name: "no-circle-of-files", severity: "error", from: {}, to: { circular: true } },
    { name: "no-circle-of-folders", severity: "error", scope: "folder", from: {}, to: { circular: true } },
    {
      name: "no-unresolvable",
      severity: "error",
      from: {},
      to: { couldNotResolve: true, pathNot: "^tsx/cjs$" },
    },
    only(
      "components",
      "^components/(?!batch/submission/submit|schema/generate)",
      ["^components/", packages("@pulumi", "esbuild", "fastest-levenshtein")],
      "Components know Pulumi, esbuild, a distance between words and their own modules only.",
    ),
    only(
      "rules",
      "^components/(.+/rules|graviton)/",
      ["^components/(.+/rules|graviton)/"],
      "Rules know no Pulumi and no component, so that policies, tests and other tools can use them.",
    ),
    only(
      "handlers-and-jobs",
      "^(handlers|jobs|components/batch/submission/submit)",
      ["^(handlers|jobs)/", packages("@aws-sdk", "@types/aws-lambda")],
      "Handlers and jobs know the AWS SDK and what they share.",
    ),
    only(
      "policies",
      "^policies/",
      ["^policies/", "^components/graviton/index.ts$", packages("@pulumi/policy", "@pulumi/pulumi", "fflate")],
      "Policies know @pulumi/policy and the components' graviton module only.",
    ),
    never(
      "offline-knows-graphs",
      "^offline/",
      "^(components|handlers|policies|jobs|[^/]+\\.ts$)",
      "pulumi-offline knows a program by its graph only.",
    ),
    never(
      "engine-knows-no-cloud",
      "^offline/engine/",
      "^offline/(?!engine/)",
      "The engine makes graphs; what is made of them is not its business.",
    ),
    never(
      "cloud-knows-graphs",
      "^offline/cloud/",
      "^offline/(?!cloud/|engine/(graph|query|values|context)\\.ts$)",
      "The cloud is made from a graph, whoever made that.",
    ),
    never(
      "core-knows-no-service",
      "^offline/cloud/core/",
      "^offline/cloud/(?!core/)",
      "What all services use knows none of them.",
    ),
    never("tests-stay-apart", { pathNot: "^(tests|bench)/" }, "^(tests|bench)/", "Nothing of the product needs tests."),
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    exclude: { path: "^tests/offline/(packs|programs)/" },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.json" },
  },
};
