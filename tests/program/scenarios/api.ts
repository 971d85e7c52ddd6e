import type { Scenario } from "../../helpers/program/scenarios";

const code = 'ran("exports.handler = async () => ({})")';
const api = (routes: string, more = "") => `new g.ServerlessApi(name, { routes: { ${routes} }${more} });`;
const httpApi = (routes: string) => `new g.HttpApi(name, { routes: { ${routes} } });`;
const items = `const items = new g.LambdaFunction(\`\${name}-items\`, ${code});`;
const list = '"GET /items": { function: items, operationId: "listItems" }';
const read = '"GET /items/{id}": { function: items, operationId: "readItem" }';
const published = { update: ["RestApi::@", "Stage::@"], replace: ["Deployment::@"] };
const ordered = {
  order: [["RestApi::@", "Deployment::@"] as [string, string], ["Deployment::@", "Stage::@"] as [string, string]],
};

/** Edits of an API: whatever changes its document makes a new deployment, which the stage then uses. */
export const apiScenarios: Scenario[] = [
  {
    edit: "a route of a function that has others is added",
    before: items + api(list),
    after: items + api(`${list}, ${read}`),
    expected: { ...published, ...ordered },
  },
  {
    edit: "a route is added with a canary, and the stage keeps the deployment that it had",
    before: items + api(list),
    after: items + api(`${list}, ${read}`, ", canary: { percentTraffic: 10 }"),
    expected: { create: ["Deployment::@-canary"], update: ["RestApi::@", "Stage::@"] },
  },
  {
    edit: "another route is added while there is a canary, and only the canary is deployed again",
    before: items + api(list, ", canary: { percentTraffic: 10 }"),
    after: items + api(`${list}, ${read}`, ", canary: { percentTraffic: 50 }"),
    expected: { update: ["RestApi::@", "Stage::@"], replace: ["Deployment::@-canary"] },
  },
  {
    edit: "a canary is promoted, and the stage serves its definition from a deployment of its own",
    first: items + api(list),
    before: items + api(`${list}, ${read}`, ", canary: { percentTraffic: 10 }"),
    after: items + api(`${list}, ${read}`),
    expected: {
      update: ["Stage::@"],
      replace: ["Deployment::@"],
      delete: ["Deployment::@-canary"],
      order: [["Deployment::@", "Stage::@"]],
    },
  },
  {
    edit: "a canary is given up together with its route, and the stage keeps the deployment that it had",
    first: items + api(list),
    before: items + api(`${list}, ${read}`, ", canary: { percentTraffic: 10 }"),
    after: items + api(list),
    expected: { update: ["RestApi::@", "Stage::@"], delete: ["Deployment::@-canary"] },
  },
  {
    edit: "a route is renamed",
    before: items + api(`${list}, ${read}`),
    after: items + api(`${list}, ${read.replace("/items/", "/things/")}`),
    expected: published,
  },
  {
    edit: "a route and its function are removed",
    before: `${items}const old = new g.LambdaFunction(\`\${name}-old\`, ${code});${api(`${list}, "GET /old": { function: old, operationId: "old" }`)}`,
    after: items + api(list),
    expected: {
      ...published,
      delete: ["Permission::@-old", "Function::@-old", "Role::@-old", "LogGroup::@-old", "RolePolicy::@-old"],
    },
  },
  {
    edit: "a route to a new function is added",
    before: items + api(list),
    after: `${items}const more = new g.LambdaFunction(\`\${name}-more\`, ${code});${api(`${list}, "GET /more": { function: more, operationId: "more" }`)}`,
    expected: {
      ...published,
      create: ["Permission::@-more", "Function::@-more", "Role::@-more", "LogGroup::@-more", "RolePolicy::@-more"],
      order: [...ordered.order, ["Permission::@-more", "Stage::@"]],
    },
  },
  {
    edit: "a route to a new function is added to an HTTP API",
    before: items + httpApi(list),
    after: `${items}const more = new g.LambdaFunction(\`\${name}-more\`, ${code});${httpApi(`${list}, "GET /more": { function: more, operationId: "more" }`)}`,
    expected: {
      update: ["Api::@", "Stage::@"],
      replace: ["Deployment::@"],
      create: ["Permission::@-more", "Function::@-more", "Role::@-more", "LogGroup::@-more", "RolePolicy::@-more"],
      order: [
        ["Api::@", "Deployment::@"],
        ["Permission::@-more", "Deployment::@"],
        ["Deployment::@", "Stage::@"],
      ],
    },
  },
  {
    edit: "a function that is routed to gets an alias",
    before: items + api(list),
    after: `const items = new g.LambdaFunction(\`\${name}-items\`, { ...${code}, alias: {} });${api(list)}`,
    expected: {
      ...published,
      create: ["Alias::@-items"],
      update: [...published.update, "Function::@-items"],
      replace: [...published.replace, "Permission::@-listItems"],
      order: [["Permission::@-listItems", "Stage::@"]],
    },
  },
  {
    edit: "a function that is routed to loses its alias",
    before: `const items = new g.LambdaFunction(\`\${name}-items\`, { ...${code}, alias: {} });${api(list)}`,
    after: items + api(list),
    expected: {
      ...published,
      update: [...published.update, "Function::@-items"],
      replace: [...published.replace, "Permission::@-listItems"],
      delete: ["Alias::@-items"],
      order: [["Permission::@-listItems", "Stage::@"]],
    },
  },
  {
    edit: "callers no longer sign their requests",
    before: items + api(list),
    after: items + api(list, ', auth: "none"'),
    expected: published,
  },
  {
    edit: "a web page may call it",
    before: items + api(list),
    after: items + api(list, ', cors: { allowOrigins: ["https://example.com"] }'),
    expected: published,
  },
  {
    edit: "it is throttled more tightly",
    before: items + api(list, ", throttle: { rateLimit: 20, burstLimit: 10 }"),
    after: items + api(list, ", throttle: { rateLimit: 10, burstLimit: 5 }"),
    expected: { update: ["MethodSettings::@"] },
  },
  {
    edit: "its logs are kept longer",
    before: items + api(list, ", logRetentionDays: 30"),
    after: items + api(list, ", logRetentionDays: 90"),
    expected: { update: ["LogGroup::@", "LogGroup::@-execution"] },
  },
];
