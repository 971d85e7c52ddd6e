import type { Scenario } from "../../helpers/program/scenarios";

const fargate = 'environments: [{ type: "FARGATE", maxVcpus: 16 }], jobs: { one: { image: "one:1" } }';
const items = 'const items = new g.LambdaFunction(`${name}-items`, ran("exports.handler = async () => ({});"));';
const batch = `const batch = new g.GravitonBatch(\`\${name}-jobs\`, { ...network, ${fargate} });`;

/** The arguments of each component, and what these refer to. */
const components: [type: string, args: string, before?: string][] = [
  ["AlarmTopic", "{}"],
  ["EncryptionKey", '{ description: "Data" }'],
  ["Network", "{}"],
  ["ItemsTable", "{ alarmTopicArns: [topic], stream: 'NEW_IMAGE' }"],
  ["DataBucket", "{}"],
  ["DataLake", "{}"],
  ["LambdaFunction", '{ ...ran("exports.handler = async () => ({});"), alias: {}, alarmTopicArns: [topic] }'],
  [
    "ServerlessApi",
    '{ routes: { "GET /items": { function: items, operationId: "listItems" } }, alarmTopicArns: [topic] }',
    items,
  ],
  ["HttpApi", '{ routes: { "GET /items": { function: items, operationId: "listItems" } } }', items],
  ["JobImage", "{ context: `${name}/image` }"],
  ["GravitonBatch", `{ ...network, ${fargate} }`],
  ["JobTrigger", '{ batch, schedule: "rate(1 day)" }', batch],
  ["JobSubmission", "{ batch }", batch],
  ["EmrServerless", '{ releaseLabel: "emr-7.10.0" }'],
  ["EmrCluster", '{ ...network, releaseLabel: "emr-7.10.0", logUri: "s3://logs/emr/", core: { onDemand: 1 } }'],
];
const files = { "image/Dockerfile": "FROM scratch\n" };

/** Each component under a new name, with the old one as an alias. */
export const aliasScenarios = components.map(
  ([type, args, before = ""]): Scenario => ({
    edit: `${type} is renamed with an alias`,
    before: `${before} new g.${type}(\`\${name}-old\`, ${args});`,
    after: `${before} new g.${type}(\`\${name}-new\`, ${args}, { aliases: [{ name: \`\${name}-old\` }] });`,
    files: [files, files],
    expected: { mayUpdate: true },
  }),
);

/** Each component as it was. */
export const unchangedScenarios = aliasScenarios.map(
  ({ before, files }, index): Scenario => ({
    edit: `${components[index]?.[0]} stays as it is`,
    before,
    after: before,
    ...(files && { files }),
    expected: {},
  }),
);

/** Components under new names: with an alias they are renamed, without one they are replaced. */
export const renameScenarios: Scenario[] = [
  ...aliasScenarios,
  {
    edit: "ItemsTable is renamed without an alias",
    before: "new g.ItemsTable(`${name}-old`);",
    after: "new g.ItemsTable(`${name}-new`);",
    expected: { create: ["Table::@-new"], delete: ["Table::@-old"] },
  },
  {
    edit: "a protected ItemsTable is renamed without an alias",
    before: "new g.ItemsTable(`${name}-old`, {}, { protect: true });",
    after: "new g.ItemsTable(`${name}-new`, {}, { protect: true });",
    expected: { create: ["Table::@-new"], delete: ["Table::@-old"], errors: ["*Table::@-old"] },
  },
];
