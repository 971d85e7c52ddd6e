/** Which modules may import which: `npm run check` fails on an import that is not allowed here. */

/** Modules below `from` import only Node's own modules and those that match `allowed`. */
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

/** What services of the offline cloud import besides themselves and the core. Services not listed import nothing more. */
const knownServices = {
  batch: "logs/",
  emr: "spark/",
  emrServerless: "spark/",
  mappings: "lambda/(eventSourceMappings|functions|reference)\\.ts$",
  spark: "(logs/|s3/keys\\.ts$)",
  website: "s3/(buckets|call|objects)\\.ts$",
};

const servicesApart = (name, from, known) => ({
  name,
  comment: "A service imports only itself, the core, and the services named in knownServices.",
  severity: "error",
  from,
  to: { path: "^offline/cloud/", pathNot: ["^offline/cloud/(core|$1)/", ...known] },
});

const packages = (...names) => `^node_modules/(${names.join("|")})/`;

/** The library's code that runs in Lambda functions, its own and the program's. */
const submission = "^components/(batch/submission/(submit|submitOnce|findJob)\\.ts$|emr/submission/)";
const called = "^components/(api|instances|etl)/run/";

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
      "^components/(?!batch/submission/(submit|findJob)|emr/submission/|(api|instances|etl)/run/|schema/generate)",
      ["^(components|expressions)/", packages("@pulumi", "esbuild", "fastest-levenshtein", "json5")],
      "Components import only Pulumi, esbuild, two small libraries and their own modules.",
    ),
    only(
      "rules",
      "^components/(.+/rules|graviton)/",
      ["^components/(.+/rules|graviton)/", "^expressions/"],
      "Rules import neither Pulumi nor components, so that policies, tests and other tools can use them.",
    ),
    only(
      "expressions",
      "^expressions/",
      ["^expressions/"],
      "AWS's small languages know nothing of Pulumi and of the emulator, which both use them.",
    ),
    only(
      "handlers-and-jobs",
      `^(handlers|jobs)/|${submission}|${called}`,
      ["^(handlers|jobs)/", submission, called, packages("@aws-sdk", "@types/aws-lambda")],
      "Handlers and jobs import only the AWS SDK, each other's modules, and the library's code that submits a job once.",
    ),
    only(
      "policies",
      "^policies/",
      ["^policies/", "^components/graviton/index.ts$", packages("@pulumi/policy", "@pulumi/pulumi", "fflate")],
      "Policies import only Pulumi's SDKs, fflate and the components' graviton module.",
    ),
    never(
      "offline-knows-graphs",
      "^offline/",
      "^(components|handlers|policies|jobs|[^/]+\\.ts$)",
      "pulumi-offline reads programs only through their graphs.",
    ),
    never(
      "engine-knows-no-cloud",
      "^offline/engine/",
      "^offline/(?!engine/|loader/|typescript)",
      "The engine creates graphs, and does not depend on their uses.",
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
      "The engine uses the provider only through its interface.",
    ),
    never(
      "policies-are-an-interface",
      "^offline/engine/(?!crossguard/|run\\.ts$)",
      "^offline/engine/crossguard/",
      "The engine uses policies only through engine/policies.ts; run.ts constructs them.",
    ),
    never(
      "cloud-knows-graphs",
      "^offline/cloud/",
      "^offline/(?!cloud/|engine/(graph|query|values|context|nearest|partition)\\.ts$)",
      "The cloud is created from a graph, and does not depend on the graph's origin.",
    ),
    never(
      "plan-knows-graphs",
      "^offline/plan/",
      "^offline/(?!plan/|engine/)",
      "A plan compares two graphs, whatever they are used for.",
    ),
    never(
      "diff-knows-graphs",
      "^offline/diff/",
      "^offline/(?!diff/|plan/|engine/|cloud/(apigateway/(definition/document|router)|core/resources)\\.ts$)",
      "A comparison reads what resources and OpenAPI documents say, and serves nothing.",
    ),
    never(
      "core-knows-no-service",
      "^offline/cloud/core/",
      "^offline/cloud/(?!core/)",
      "The core does not depend on any service.",
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
    never(
      "tests-stay-apart",
      { pathNot: "^(tests|bench)/" },
      "^(tests|bench)/",
      "The product does not depend on tests and benches.",
    ),
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    // Fixtures, and what tests and packing leave behind.
    exclude: { path: "^(tests/offline/(packs|programs)|\\.cache|dist)/" },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.json" },
  },
};
