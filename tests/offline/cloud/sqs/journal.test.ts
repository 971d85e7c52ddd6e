import * as fs from "node:fs";
import * as path from "node:path";
import { expect } from "chai";
import { Queues } from "../../../../offline/cloud/sqs/queues";
import { at } from "../../../helpers/clock";
import { graphOf } from "../../../helpers/offline/graph";
import { arnOf, messageOf, queue } from "../../../helpers/offline/sqs";
import { temporaryFolder } from "../../../helpers/temporaryFolder";

const dead = queue("dead");
const RedrivePolicy = JSON.stringify({ deadLetterTargetArn: arnOf("dead"), maxReceiveCount: 2 });
const jobs = queue("jobs", { redrivePolicy: RedrivePolicy, visibilityTimeoutSeconds: 30 });

/** Queues as a run finds them. A run that is not closed has ended as by a kill: nothing is written later. */
function begin(file: string, ...resources: Parameters<typeof graphOf>[1][]): Queues {
  const queues = new Queues(file);
  queues.reconcile(graphOf("/project", ...resources));
  return queues;
}

const later = <T>(seconds: number, work: () => T) => at(Date.now() + seconds * 1000, async () => work());
const of = (queues: Queues, name: string) => {
  const found = queues.byArn(arnOf(name));
  if (!found) throw new Error(`no queue ${name}`);
  return found;
};
const ids = (queues: Queues, name: string) =>
  of(queues, name)
    .receive(10)
    .map(({ id, receiveCount }) => `${id} ${receiveCount}`);

describe("Queues in a data folder", () => {
  let file: string;
  beforeEach(() => {
    file = path.join(temporaryFolder(), "new", "sqs.jsonl");
  });

  it("have what was sent and not deleted, with its attributes, after a kill", async () => {
    const first = begin(file, jobs, dead);
    const BinaryValue = Buffer.from([0, 255]);
    of(first, "jobs").send({ ...messageOf("a"), attributes: { data: { DataType: "Binary", BinaryValue } } });
    of(first, "jobs").send(messageOf("b"));
    of(first, "jobs").send(messageOf("c"));
    of(first, "jobs").delete("b");
    const second = begin(file, jobs, dead);
    expect(of(second, "jobs").find("a")?.message.attributes.data?.BinaryValue).to.deep.equal(BinaryValue);
    expect(ids(second, "jobs")).to.deep.equal(["a 1", "c 1"]);
  });

  it("know what is in flight and how often it was received, so that poison ends in the dead-letter queue", async () => {
    const first = begin(file, jobs, dead);
    of(first, "jobs").send(messageOf("poison"));
    expect(ids(first, "jobs")).to.deep.equal(["poison 1"]);
    const second = begin(file, jobs, dead);
    expect(ids(second, "jobs")).to.deep.equal([]);
    expect(await later(31, () => ids(second, "jobs"))).to.deep.equal(["poison 2"]);
    const third = begin(file, jobs, dead);
    expect(await later(62, () => ids(third, "jobs"))).to.deep.equal([]);
    const fourth = begin(file, jobs, dead);
    expect(await later(62, () => [ids(fourth, "jobs"), ids(fourth, "dead")])).to.deep.equal([[], ["poison 3"]]);
  });

  it("do not take a message of a FIFO queue again, even if it was deleted", () => {
    const orders = queue("orders.fifo", { fifoQueue: true });
    const first = begin(file, orders);
    of(first, "orders.fifo").send(messageOf("a", "group"));
    of(first, "orders.fifo").delete("a");
    begin(file, orders);
    expect(of(begin(file, orders), "orders.fifo").duplicateOf("group", "a")?.id).to.equal("a");
  });

  it("include those that callers have made, unless they were deleted, and not those that the program has dropped", () => {
    const first = begin(file, jobs);
    for (const name of ["made", "unmade"]) first.create({ arn: arnOf(name), attributes: {}, tags: { of: name } });
    first.delete(of(first, "unmade"));
    of(first, "jobs").send(messageOf("a"));
    const second = begin(file);
    expect(second.all.map(({ name, tags }) => [name, tags])).to.deep.equal([["made", { of: "made" }]]);
    expect(ids(begin(file, jobs), "jobs")).to.deep.equal([]);
  });

  it("ignore what a kill or a full disk has cut off", () => {
    const first = begin(file, jobs);
    of(first, "jobs").send(messageOf("a"));
    fs.appendFileSync(file, '\n[{"sent":{"id":"half');
    of(first, "jobs").send(messageOf("b"));
    fs.appendFileSync(file, '\n[{"sent":{"id":"half');
    expect(ids(begin(file, jobs), "jobs")).to.deep.equal(["a 1", "b 1"]);
  });

  it("are purged for good", () => {
    const first = begin(file, jobs);
    of(first, "jobs").send(messageOf("a"));
    of(first, "jobs").purge();
    of(first, "jobs").send(messageOf("b"));
    expect(ids(begin(file, jobs), "jobs")).to.deep.equal(["b 1"]);
    expect(fs.readFileSync(file, "utf8").split("\n")).to.have.length(3);
  });
});
