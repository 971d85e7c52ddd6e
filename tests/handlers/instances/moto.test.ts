import { expect } from "chai";
import type { handler as Handler } from "../../../components/instances/run/schedule";
import { type Moto, pythonHas, startMoto } from "../../helpers/aws/moto";
import { type StartedFunction, setEnvironment } from "../../helpers/handlers/handlerInstance";
import { startInstancesFunction, TAG } from "../../helpers/handlers/instancesFunction";

const VERSION = "2016-11-15";

describe("What starts and stops instances, against moto", () => {
  let moto: Moto;
  let api: StartedFunction;
  let ids: string[];

  before(async function () {
    if (!pythonHas("moto.ec2")) return this.skip();
    this.timeout(60_000);
    moto = await startMoto();
    api = await startInstancesFunction(moto.endpoint);
    ids = await launch({
      "Tag.1.Key": TAG.key,
      "Tag.1.Value": TAG.value,
      "Tag.2.Key": "Name",
      "Tag.2.Value": "worker",
    });
    await launch({ "Tag.1.Key": TAG.key, "Tag.1.Value": "others" });
  });

  after(async () => {
    await api?.close();
    moto?.stop();
  });

  /** Two instances with these tags. */
  async function launch(tags: Record<string, string>): Promise<string[]> {
    const specification = Object.entries({ ResourceType: "instance", ...tags }).map(([name, value]) => [
      `TagSpecification.1.${name}`,
      value,
    ]);
    const xml = await moto.query("ec2", {
      ...{ Action: "RunInstances", Version: VERSION, ImageId: "ami-12c6146b", InstanceType: "t4g.micro" },
      ...{ MinCount: "2", MaxCount: "2" },
      ...Object.fromEntries(specification),
    });
    return [...xml.matchAll(/<instanceId>([^<]+)/g)].map(([, id = ""]) => id);
  }

  async function states(): Promise<string[]> {
    const { body } = await api.call("GET", "/instances");
    return (body.instances as { state: string }[]).map(({ state }) => state);
  }

  it("lists only the instances with the tag", async () => {
    const { status, body } = await api.call("GET", "/instances", { query: { limit: "5", state: "running" } });
    expect(status).to.equal(200);
    const found = body.instances as { id: string; name: string }[];
    expect(found.map(({ id }) => id)).to.have.members(ids);
    expect(found[0]).to.include({ name: "worker", type: "t4g.micro" });
  });

  it("stops one through the API, and refuses one that is not there", async () => {
    expect((await api.call("POST", `/instances/${ids[0]}/stop`)).status).to.equal(202);
    expect((await states()).sort()).to.deep.equal(["running", "stopped"]);
    expect((await api.call("POST", "/instances/i-0fedcba9876543210/stop")).status).to.equal(404);
  });

  it("stops and starts all of them by a schedule", async () => {
    const restore = setEnvironment({ AWS_ENDPOINT_URL_EC2: moto.endpoint });
    const { log } = console;
    console.log = () => undefined;
    try {
      const file = require.resolve("../../../components/instances/run/schedule");
      delete require.cache[file];
      const { handler } = require(file) as { handler: typeof Handler };
      expect((await handler({ action: "stop" })).counts).to.deep.equal({ changed: 1, skipped: 0, failed: 0 });
      expect(await states()).to.deep.equal(["stopped", "stopped"]);
      expect((await handler({ action: "start" })).counts.changed).to.equal(2);
      expect(await states()).to.deep.equal(["running", "running"]);
    } finally {
      console.log = log;
      restore();
    }
  });
});
