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

/** What a service of the offline cloud knows besides itself and the core; any other knows nothing more. */
const knownServices = {
  batch: "logs/",
  emr: "spark/",
  emrServerless: "spark/",
  spark: "(logs/|s3/keys\\.ts$)",
};

const servicesApart = (name, from, known) => ({
  name,
  comment: "A service knows itself, the core, and the services named in knownServices.",
  severity: "error",
  from,
  to: { path: "^offline/cloud/", pathNot: ["^offline/cloud/(core|$1)/", ...known] },
});

const packages = (...names) => `^node_modules/(${names.join("|")})/`;

/** What runs in Lambda functions, the library's own and the program's. */
const submission = "^components/batch/submission/(submit|submitOnce|findJob)\\.ts$";

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
      "^components/(?!batch/submission/(submit|findJob)|schema/generate)",
      ["^components/", packages("@pulumi", "esbuild", "fastest-levenshtein", "json5")],
      "Components know Pulumi, esbuild, two small libraries and their own modules only.",
    ),
    only(
      "rules",
      "^components/(.+/rules|graviton)/",
      ["^components/(.+/rules|graviton)/"],
      "Rules know no Pulumi and no component, so that policies, tests and other tools can use them.",
    ),
    only(
      "handlers-and-jobs",
      `^(handlers|jobs)/|${submission}`,
      ["^(handlers|jobs)/", submission, packages("@aws-sdk", "@types/aws-lambda")],
      "Handlers and jobs know the AWS SDK, what they share, and how the library submits a job once.",
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
      "engine-knows-no-command-line",
      "^offline/engine/",
      packages("commander"),
      "Flags belong to offline/commands/.",
    ),
    never(
      "provider-has-one-door",
      "^offline/engine/(?!provider/)",
      "^offline/engine/provider/(?!(provider|checkConfig)\\.ts$)",
      "What the provider's answers are made of is not the engine's business.",
    ),
    never(
      "policies-are-an-interface",
      "^offline/engine/(?!crossguard/|run\\.ts$)",
      "^offline/engine/crossguard/",
      "The engine knows policies by engine/policies.ts; a run constructs them.",
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
    servicesApart(
      "services-apart",
      {
        path: "^offline/cloud/([^/]+)/",
        pathNot: `^offline/cloud/(core|${Object.keys(knownServices).join("|")})/`,
      },
      [],
    ),
    ...Object.entries(knownServices).map(([service, known]) =>
      servicesApart(`${service}-apart`, { path: `^offline/cloud/(${service})/` }, [`^offline/cloud/${known}`]),
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
