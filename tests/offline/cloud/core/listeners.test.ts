import { expect } from "chai";
import { Listeners } from "../../../../offline/cloud/core/listeners";

const ANY_PORT = 0;

describe("listeners", () => {
  const listeners = () =>
    new Listeners<string>(
      async (site, _request, response) => void response.end(site),
      () => undefined,
    );
  const wanted = (...keys: string[]) => keys.map((key) => ({ key, site: key, port: ANY_PORT }));
  const answerAt = async (url = "") => (await fetch(url)).text();

  it("give each site a port, which it keeps while others come and go", async () => {
    const open = listeners();
    await open.reconcile(wanted("one", "two"));
    const url = open.urlOf("one");
    expect([await answerAt(url), await answerAt(open.urlOf("two"))]).to.deep.equal(["one", "two"]);
    await open.reconcile([{ key: "one", site: "changed", port: ANY_PORT }]);
    expect([open.urlOf("one"), await answerAt(url), open.urlOf("two")]).to.deep.equal([url, "changed", undefined]);
    await open.close();
  });

  it("leave no port open when they are closed while they take over sites", async () => {
    const open = listeners();
    const reconciled = open.reconcile(wanted("one", "two"));
    await open.close();
    await reconciled;
    expect(["one", "two"].map((key) => open.urlOf(key))).to.deep.equal([undefined, undefined]);
  });

  it("break off the connection, and say why, when answering fails", async () => {
    const lines: string[] = [];
    const open = new Listeners<string>(
      async () => {
        throw new Error("out of order");
      },
      (line) => lines.push(line),
    );
    await open.reconcile(wanted("one"));
    expect(await answerAt(open.urlOf("one")).catch(() => "broken off")).to.equal("broken off");
    expect(lines).to.deep.equal(["error: out of order"]);
    await open.close();
  });
});
