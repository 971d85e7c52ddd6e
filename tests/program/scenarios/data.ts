import type { Scenario } from "../../helpers/program/scenarios";

const table = (args = "{}", opts = "{}") => `new g.ItemsTable(name, ${args}, ${opts});`;
const index = '{ globalIndexes: [{ name: "byOwner", hashKey: { name: "owner" } }]';
const watched = ", alarmTopicArns: [topic] }";
const lake = "new g.DataLake(name, { code: `${name}/code` });";
const cluster = (release: string, maximum: number) =>
  `new g.EmrCluster(name, { ...network, releaseLabel: "${release}", logUri: "s3://logs/emr/", core: { onDemand: 1 }, scaling: { minimum: 1, maximum: ${maximum} } });`;
const spark = (release: string) => `new g.EmrServerless(name, { releaseLabel: "${release}" });`;
const wholeTable = ["Table::@"];

/** Edits of what stores data and of what processes it. */
export const dataScenarios: Scenario[] = [
  {
    edit: "a table gets an index",
    before: table(),
    after: table(`${index} }`),
    expected: { update: wholeTable },
  },
  {
    edit: "a table loses an index",
    before: table(`${index} }`),
    after: table(),
    expected: { update: wholeTable },
  },
  {
    edit: "a protected table with alarms loses an index",
    before: table(index + watched, "{ protect: true }"),
    after: table("{ alarmTopicArns: [topic] }", "{ protect: true }"),
    expected: { update: wholeTable, delete: ["MetricAlarm::@-*"] },
  },
  {
    edit: "a table's items expire",
    before: table(),
    after: table('{ ttlAttribute: "expiresAt" }'),
    expected: { update: wholeTable },
  },
  {
    edit: "a table's key",
    before: table(),
    after: table('{ hashKey: { name: "owner" } }'),
    expected: { replace: wholeTable },
  },
  {
    edit: "a protected table's key",
    before: table("{}", "{ protect: true }"),
    after: table('{ hashKey: { name: "owner" } }', "{ protect: true }"),
    expected: { replace: wholeTable, errors: wholeTable },
  },
  {
    edit: "a protected table is removed",
    before: `${table("{}", "{ protect: true }")} new g.EncryptionKey(\`\${name}-key\`, { description: "stays" });`,
    after: 'new g.EncryptionKey(`${name}-key`, { description: "stays" });',
    expected: { delete: wholeTable, errors: ["*Table::@"] },
  },
  {
    edit: "a table is protected",
    before: table(),
    after: table("{}", "{ protect: true }"),
    expected: {},
  },
  {
    edit: "a table is no longer protected",
    before: table("{}", "{ protect: true }"),
    after: table(),
    expected: {},
  },
  {
    edit: "a script of the lake",
    before: lake,
    after: lake,
    files: [{ "code/daily.py": "print(1)\n" }, { "code/daily.py": "print(2)\n" }],
    expected: { replace: ["BucketObjectv2::@-daily.py"] },
  },
  {
    edit: "the release of a cluster",
    before: cluster("emr-7.9.0", 4),
    after: cluster("emr-7.10.0", 4),
    expected: {
      replace: ["Cluster::@", "ManagedScalingPolicy::@"],
      order: [["Cluster::@", "ManagedScalingPolicy::@"]],
    },
  },
  {
    edit: "how far a cluster grows",
    before: cluster("emr-7.10.0", 4),
    after: cluster("emr-7.10.0", 8),
    expected: { replace: ["ManagedScalingPolicy::@"] },
  },
  {
    edit: "the release of Spark without machines",
    before: spark("emr-7.9.0"),
    after: spark("emr-7.10.0"),
    expected: { update: ["Application::@"] },
  },
];
