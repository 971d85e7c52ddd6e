import { expect } from "chai";
import { scanAll } from "../../helpers/offline/dynamodb";
import { applyPlan, itemStreamGraph, planOf, REJECTED } from "../../helpers/offline/itemStream";
import { received } from "../../helpers/offline/mappings";
import { closeServers, serveGraph } from "../../helpers/offline/served";
import { replay } from "../../helpers/offline/streams";

/** `EVENTS=10000 npx mocha …` puts as many. */
const EVENTS = Number(process.env.EVENTS ?? 1000);

describe("Item events in the offline cloud", function () {
  this.timeout(600_000);
  after(closeServers);

  it("take effect once and in order, although workers are killed and shards are split and merged", async () => {
    const graph = await itemStreamGraph(2, "work", "fail after the work", "work", "be killed at work");
    const server = await serveGraph(graph);
    const plan = planOf(EVENTS);
    const changes = await applyPlan(server, plan, 500);

    const histories = new Map<string, (number | "deleted")[]>();
    for (const { dynamodb } of changes) {
      const id = String(dynamodb.Keys.id?.S);
      const version = dynamodb.NewImage ? Number(dynamodb.NewImage.quantity?.N) : "deleted";
      histories.set(id, [...(histories.get(id) ?? []), version]);
    }
    const versions = Array.from({ length: plan.versions }, (_, index) => index + 1);
    expect(Object.fromEntries(histories)).to.deep.equal(
      Object.fromEntries(
        Array.from({ length: plan.items }, (_, item) => [
          `item-${item}`,
          item % 5 === 0 ? [...versions, "deleted"] : versions,
        ]),
      ),
    );
    expect(await scanAll(server, "items")).to.have.length(plan.items * 0.8);
    expect(replay(changes, "id")).to.have.length(plan.items * 0.8);

    const rejected = (await received(server, REJECTED, plan.poison.size)).map((text) => JSON.parse(text));
    expect(rejected.map(({ data }) => data)).to.have.members([...plan.poison.keys()]);
    for (const { data, reason } of rejected) expect(reason).to.match(plan.poison.get(data) ?? /^$/);

    const logged = (text: string) => server.lines.filter((line) => line.includes(text)).length;
    expect(logged("exit status 1"), "workers that were killed").to.be.at.least(1);
    expect(logged("nobody will know"), "calls that failed after their work").to.be.at.least(1);
    expect(logged("given up"), "records that were given up").to.equal(0);
  });
});
