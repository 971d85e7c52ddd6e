import { expect } from "chai";
import { DOCUMENTATION, testFacts } from "../../../helpers/facts";
import { invoke, resultOf, serveFunction } from "../../../helpers/offline/functions";
import { graphOf, lambda } from "../../../helpers/offline/graph";
import { closeServers, serveGraph } from "../../../helpers/offline/served";
import { temporaryFolder } from "../../../helpers/temporaryFolder";

const answering = (text: string) => `exports.handler = async () => "${text}"`;

const rows: { fact: string; differs: string; check: () => Promise<void> }[] = [
  {
    fact: "A published version keeps the code that it was published with",
    differs: "every version runs the newest code",
    check: async () => {
      const directory = temporaryFolder();
      const server = await serveGraph(graphOf(directory, lambda("main", answering("old"), { publish: true })));
      await server.reconcile(graphOf(directory, lambda("main", answering("new"), { publish: true })));
      expect((await invoke(server, {}, { Qualifier: "1" })).result).to.equal("old");
    },
  },
  {
    fact: "A version that was never published is a ResourceNotFoundException",
    differs: "a function with `publish` has any version that is asked for",
    check: async () => {
      const server = await serveFunction(answering("any"), { publish: true });
      const error = await invoke(server, {}, { Qualifier: "99" }).catch((reason) => reason);
      expect(error.name).to.equal("ResourceNotFoundException");
    },
  },
  {
    fact: "The variable `TZ` sets the time zone of a function",
    differs: "functions run in UTC",
    check: async () => {
      const code = "exports.handler = async () => new Date(0).getHours()";
      expect(await resultOf(code, { environment: { variables: { TZ: "Asia/Tokyo" } } })).to.equal(9);
    },
  },
  {
    fact: "The file system is read-only outside `/tmp`",
    differs: "a relative path is writable, in the folder of the code",
    check: async () => {
      const code = "exports.handler = async () => { require('fs').writeFileSync('made', ''); return 'written' }";
      expect(await resultOf(code)).not.to.equal("written");
    },
  },
  {
    fact: "X-Ray samples the first request of a function with active tracing",
    differs: "no trace is sampled",
    check: async () => {
      const code = "exports.handler = async () => process.env._X_AMZN_TRACE_ID";
      expect(await resultOf(code, { tracingConfig: { mode: "Active" } })).to.match(/Sampled=1/);
    },
  },
  {
    fact: "A function for Ruby runs",
    differs: "an error that says so: only Node.js and Python run",
    check: async () => {
      const files = { "index.rb": "def handler(event:, context:)\n  'ran'\nend" };
      expect(await resultOf(files, { runtime: "ruby3.4" })).to.equal("ran");
    },
  },
];

describe("Where Lambda differs,", () => {
  afterEach(closeServers);
  testFacts({ service: "Lambda", source: DOCUMENTATION, facts: rows }, ({ check }) => check());
});
