import { expect } from "chai";
import { ECHO } from "../../../helpers/offline/api";
import { graphOf, lambda, proxy, restApi } from "../../../helpers/offline/graph";
import { httpApi, httpRoute, httpStage, toFunction } from "../../../helpers/offline/httpApi";
import { closeServers, type Served, serveGraph } from "../../../helpers/offline/served";
import { temporaryFolder } from "../../../helpers/temporaryFolder";

describe("The URL that a function makes of its event", () => {
  let server: Served;
  before(async () => {
    server = await serveGraph(
      graphOf(
        temporaryFolder(),
        lambda("echo", ECHO),
        ...restApi("rest", { paths: { "/items": { get: proxy("echo") } } }),
      ),
    );
  });
  after(closeServers);

  it("leads to the REST API that called it", async () => {
    expect(await answerAtOwnUrl(server, "/items")).to.include({ path: "/items" });
  });

  it("leads to the HTTP API that called it", async () => {
    const stage = httpStage("Prod");
    const routes = httpRoute("GET /items", toFunction("echo"));
    const http = await serveGraph(graphOf(temporaryFolder(), lambda("echo", ECHO), httpApi("web"), stage, ...routes));
    expect(await answerAtOwnUrl(http, "/items")).to.include({ rawPath: "/Prod/items" });
  });
});

/** What the function answers at the URL that it has made of its first event. On AWS it begins with https. */
async function answerAtOwnUrl(server: Served, path: string): Promise<object> {
  const { requestContext } = (await (await server.call(path)).json()) as {
    requestContext: { domainName: string; stage: string };
  };
  const answer = await fetch(`http://${requestContext.domainName}/${requestContext.stage}${path}`);
  return (await answer.json()) as object;
}
