import { expect } from "chai";
import { type BannerFacts, bannerLines } from "../../../offline/report/banner";
import { curl } from "../../../offline/report/calls";
import { paintFor } from "../../../offline/report/colors";
import { graphOf, lambda } from "../../helpers/offline/graph";

type Api = BannerFacts["server"]["apis"][number];
type Route = Api["routes"][number];

const credentials = { accessKeyId: "AKIAEXAMPLE", secretAccessKey: "secret/+key" };

function route(text: string, required: Route["required"] = []): Route {
  const [method = "", path = "", auth = "none"] = text.split(" ");
  return { method, path, auth: auth === "iam" ? "iam" : "none", required };
}

function api(routes: Route[], name = "api"): Api {
  const auth = [...new Set(routes.map((each) => each.auth))];
  return { name, url: "http://127.0.0.1:3000/Prod", region: "eu-west-1", auth, routes };
}

type Addresses = Partial<Pick<BannerFacts["server"], "functionUrls" | "sites" | "webSockets">>;

function banner(
  apis: Api[],
  problems: string[] = [],
  graph = graphOf("/project"),
  addresses: Addresses = {},
): string[] {
  const own = { functionUrls: [], sites: [], webSockets: [], ...addresses };
  const server = { apis, ...own, endpoint: "http://127.0.0.1:4000", credentials, problems };
  return bannerLines({ graph, server, ready: 7 }, paintFor({}));
}

const called = (...routes: Route[]) => curl([api(routes)], credentials);

describe("bannerLines", () => {
  it("says the region, and whether it is the default", () => {
    expect(banner([])[0]).to.equal("project, stack dev, region eu-west-1");
    const [first] = banner([], [], { ...graphOf("/project"), region: "us-east-1", isDefaultRegion: true });
    expect(first).to.include("region us-east-1 (the default: neither aws:region nor AWS_REGION is set)");
  });

  it("says where each function URL is, and whether its callers must sign", () => {
    const url = { name: "hook", url: "http://127.0.0.1:20001/", functionName: "main", region: "eu-west-1" };
    const functionUrls: Addresses["functionUrls"] = [
      { ...url, auth: "none" },
      { ...url, name: "inner", auth: "iam" },
    ];
    const lines = banner([], [], graphOf("/project"), { functionUrls });
    expect(lines.slice(1, 3)).to.deep.equal([
      "URL       hook  http://127.0.0.1:20001/  open",
      "          inner  http://127.0.0.1:20001/  IAM",
    ]);
  });

  it("says where clients connect to each WebSocket API, and who may", () => {
    const url = "ws://127.0.0.1:3000/Prod";
    const webSockets = [{ name: "chat", url, region: "eu-west-1", auth: "none" as const, routes: ["$default"] }];
    const lines = banner([], [], graphOf("/project"), { webSockets });
    expect(lines[1]).to.equal("Socket    chat  ws://127.0.0.1:3000/Prod  open");
    const closed = webSockets.map((one) => ({ ...one, domainUrl: "ws://chat.example.com:3000", auth: "key" as const }));
    const atDomain = banner([], [], graphOf("/project"), { webSockets: closed });
    expect(atDomain[1]).to.equal("Socket    chat  ws://chat.example.com:3000  API key");
  });

  it("shows how to call an API at its domain, if its own endpoint is disabled", () => {
    const domainUrl = "http://api.example.com:3000/v1";
    const lines = banner([{ ...api([route("GET /items")]), domainUrl }]);
    expect(lines[1]).to.equal("API       api  http://api.example.com:3000/v1");
    const call = "curl --resolve api.example.com:3000:127.0.0.1 http://api.example.com:3000/v1/items";
    expect(lines).to.include(`Try       ${call}`);
  });

  it("says the policies' verdict, the worst mark first", () => {
    const nothing = { directory: "/", version: "1", violations: [], remediations: [], failures: [] };
    const policyPacks = [
      { ...nothing, name: "good", policies: 2 },
      { ...nothing, name: "broken", policies: 1, failures: [{ message: "m" }] },
    ];
    expect(banner([], [], { ...graphOf("/project"), policyPacks })[1]).to.equal(
      "Policies  ❌ 2 packs, 3 policies: 0 mandatory, 0 advisory, 0 remediated, 1 failure",
    );
  });

  it("shows how to call a function if there is no API", () => {
    const graph = graphOf("/project", lambda("count", ""));
    expect(banner([], [], graph)[2]).to.equal("Try       npx --no pulumi-offline invoke count");
    expect(banner([]).join("\n")).to.not.contain("Try");
  });

  it("says where websites are, and then misses no API", () => {
    const sites: Addresses["sites"] = [
      { name: "www", kind: "website", url: "http://127.0.0.1:3002/" },
      { name: "cdn", kind: "distribution", url: "http://127.0.0.1:3003/" },
    ];
    expect(banner([], [], graphOf("/project"), { sites }).slice(1, 3)).to.deep.equal([
      "Sites     www  http://127.0.0.1:3002/  website",
      "          cdn  http://127.0.0.1:3003/  distribution",
    ]);
  });

  it("has the methods of a path in one row, without preflights, and the document", () => {
    const routes = ["GET /a", "POST /a", "OPTIONS /a", "DELETE /a iam", "OPTIONS /b", "GET /openapi.json"];
    expect(banner([api(routes.map((text) => route(text)))]).slice(1, 7)).to.deep.equal([
      "API       api  http://127.0.0.1:3000/Prod",
      "            GET, POST  /a             open",
      "            DELETE     /a             IAM",
      "            OPTIONS    /b             open",
      "            GET        /openapi.json  open",
      "          OpenAPI document  http://127.0.0.1:3000/Prod/openapi.json",
    ]);
  });

  it("fits on a screen: long tables are cut, with the number of routes that are left out", () => {
    const many = Array.from({ length: 60 }, (_, index) => [route(`GET /path/${index}`), route(`PUT /path/${index}`)]);
    const warnings = Array.from({ length: 30 }, (_, index) => `problem ${index}`);
    const lines = banner([api(many.flat())], warnings);
    expect(lines).to.have.length.below(40);
    expect(lines).to.include("            and 96 more routes");
    expect(lines).to.include("and 20 more warnings: see --json");
    const apis = Array.from({ length: 20 }, (_, index) => api([route("GET /a"), route("GET /b")], `api${index}`));
    expect(banner(apis)).to.have.length.below(50);
    expect(banner(apis)).to.include("            2 routes");
  });

  it("has the addresses before the last line, which says that it is ready", () => {
    const lines = banner([api([route("GET /a")])], ["1 schedule does not fire (nightly): call it"]);
    expect(lines.slice(-5)).to.deep.equal([
      "AWS       http://127.0.0.1:4000, for the AWS CLI and SDKs:",
      "          export AWS_ENDPOINT_URL=http://127.0.0.1:4000 AWS_REGION=eu-west-1 AWS_DEFAULT_REGION=eu-west-1",
      "          export AWS_ACCESS_KEY_ID=AKIAEXAMPLE AWS_SECRET_ACCESS_KEY=secret/+key",
      "warning: 1 schedule does not fire (nightly): call it",
      "ready in 7 ms",
    ]);
  });
});

describe("curl", () => {
  it("prefers a route that needs nothing to the document, and to routes with parameters or a body", () => {
    const routes = ["POST /a", "DELETE /a", "GET /openapi.json", "GET /a/{id}", "GET /b"].map((text) => route(text));
    expect(called(...routes)).to.equal("curl http://127.0.0.1:3000/Prod/b");
  });

  it("signs if any route requires it", () => {
    expect(called(route("GET /open"), route("POST /signed iam"))).to.equal(
      "curl --aws-sigv4 aws:amz:eu-west-1:execute-api --user AKIAEXAMPLE:secret/+key " +
        "-X POST -H 'Content-Type: application/json' -d '{}' http://127.0.0.1:3000/Prod/signed",
    );
  });

  it("fills in what a route requires, quoted for a shell", () => {
    const required: Route["required"] = [
      { name: "q", in: "query" },
      { name: "page size", in: "query" },
      { name: "X-Tenant", in: "header" },
      { name: "id", in: "path" },
    ];
    expect(called(route("GET /it's/{id}/{rest+}", required))).to.equal(
      `curl -H 'X-Tenant: 1' 'http://127.0.0.1:3000/Prod/it'\\''s/1/1?q=1&page%20size=1'`,
    );
  });

  it("is left out rather than delete something", () => {
    expect(called(route("DELETE /a"))).to.equal(undefined);
    expect(called()).to.equal(undefined);
  });
});
