import { expect } from "chai";
import { unknown } from "../../helpers/policies/policies";
import { onlySaid, said } from "./said";

const job = (props: object) => ({ type: "aws:batch/jobDefinition:JobDefinition", props });

describe("batch-container-isolation", () => {
  const rule = "batch-container-isolation";
  const host = [{ name: "docker", host: { sourcePath: "/var/run/docker.sock" } }];

  it("accepts ordinary containers, and volumes that are not on the host", async () => {
    const container = {
      image: "image",
      privileged: false,
      volumes: [{ name: "scratch", host: {} }, { name: "files" }],
    };
    for (const props of [
      { containerProperties: JSON.stringify(container) },
      { containerProperties: unknown },
      { ecsProperties: JSON.stringify({ taskProperties: [{ containers: [container], volumes: [] }] }) },
      { nodeProperties: JSON.stringify({ nodeRangeProperties: [{ container }] }) },
      {
        eksProperties: {
          podProperties: { containers: [{ image: "image", securityContext: unknown }], volumes: [unknown] },
        },
      },
      {},
    ]) {
      expect(await said(rule, job(props))).to.deep.equal([]);
    }
  });

  it("reports privileged containers and folders on the host, wherever they are", async () => {
    const container = { privileged: true, volumes: host };
    const task = { containers: [{}, { Privileged: true }], volumes: host };
    const mount = " is /var/run/docker.sock: it is a folder on the host; share files through EFS or S3.";
    const opens = " is true: it gives the container access to the host; leave it out.";
    for (const [props, privileged, volume] of [
      [{ containerProperties: container }, "containerProperties.privileged", "containerProperties.volumes[0]"],
      [
        { ecsProperties: { taskProperties: [task] } },
        "ecsProperties.taskProperties[0].containers[1].Privileged",
        "ecsProperties.taskProperties[0].volumes[0]",
      ],
      [
        { nodeProperties: { nodeRangeProperties: [{}, { container }] } },
        "nodeProperties.nodeRangeProperties[1].container.privileged",
        "nodeProperties.nodeRangeProperties[1].container.volumes[0]",
      ],
      [
        { nodeProperties: { nodeRangeProperties: [{ ecsProperties: { taskProperties: [task] } }] } },
        "nodeProperties.nodeRangeProperties[0].ecsProperties.taskProperties[0].containers[1].Privileged",
        "nodeProperties.nodeRangeProperties[0].ecsProperties.taskProperties[0].volumes[0]",
      ],
    ] as const) {
      const documents = Object.fromEntries(Object.entries(props).map(([name, value]) => [name, JSON.stringify(value)]));
      expect(await said(rule, job(documents))).to.deep.equal([privileged + opens, `${volume}.host.sourcePath${mount}`]);
    }
  });

  it("reports the same in pods", async () => {
    const podProperties = {
      hostNetwork: true,
      containers: [unknown, { securityContext: { privileged: true } }],
      initContainers: [{ securityContext: { privileged: true } }],
      volumes: [{ hostPath: { path: "/etc" } }],
    };
    const found = await said(rule, job({ eksProperties: { podProperties } }));
    expect(found.map((message) => message.replace(/ is .*/, ""))).to.deep.equal([
      "eksProperties.podProperties.containers[1].securityContext.privileged",
      "eksProperties.podProperties.initContainers[0].securityContext.privileged",
      "eksProperties.podProperties.hostNetwork",
      "eksProperties.podProperties.volumes[0].hostPath.path",
    ]);
  });

  it("reports a document that cannot be parsed, once and without showing it", async () => {
    expect(await onlySaid(rule, job({ containerProperties: '{"environment": secret' }))).to.match(
      /^containerProperties is not valid JSON( \(at position \d+\))?\.$/,
    );
    expect(await onlySaid(rule, job({ ecsProperties: 5 }))).to.equal(
      "ecsProperties must be a JSON document, but is a number.",
    );
  });
});

describe("batch-timeout", () => {
  const rule = "batch-timeout";

  it("requires a timeout within the stack's limit", async () => {
    for (const attemptDurationSeconds of [60, 14 * 24 * 60 * 60, unknown]) {
      expect(await said(rule, job({ timeout: { attemptDurationSeconds } }))).to.deep.equal([]);
    }
    expect(await onlySaid(rule, job({}))).to.match(
      /^timeout.attemptDurationSeconds is missing: write a number of seconds/,
    );
    const props = { timeout: { attemptDurationSeconds: 3600 } };
    expect(await onlySaid(rule, job(props), { maximumSeconds: 600 })).to.match(/ is 3600: .* from 60 to 600\.$/);
  });
});

describe("batch-retry", () => {
  const rule = "batch-retry";
  const spot = { action: "RETRY", onStatusReason: "Host EC2*" };
  const rest = { action: "exit", onReason: "*" };

  it("accepts attempts within the limit, and conditions that end with one for every failure", async () => {
    for (const retryStrategy of [
      undefined,
      unknown,
      { attempts: 3 },
      { attempts: unknown, evaluateOnExits: unknown },
      { attempts: 3, evaluateOnExits: [spot, rest] },
      { attempts: 3, evaluateOnExits: [spot, unknown] },
      { attempts: 3, evaluateOnExits: [spot, { action: "EXIT", onReason: unknown }] },
      { attempts: 3, evaluateOnExits: [{ action: "EXIT", onExitCode: "137" }] },
    ]) {
      expect(await said(rule, job({ retryStrategy }))).to.deep.equal([]);
    }
  });

  it("reports too many attempts", async () => {
    expect(await onlySaid(rule, job({ retryStrategy: { attempts: 5 } }), { maximumAttempts: 3 })).to.equal(
      "retryStrategy.attempts is 5: write a number from 1 to 3.",
    );
  });

  it("reports conditions after which other failures are retried", async () => {
    for (const evaluateOnExits of [
      [spot],
      [rest, spot],
      [spot, { action: "EXIT", onReason: "Cannot*" }],
      [spot, { action: "EXIT", onReason: "*", onExitCode: "1" }],
      [spot, { action: "EXIT" }],
      [spot, { action: "RETRY", onReason: "*" }],
    ]) {
      expect(await onlySaid(rule, job({ retryStrategy: { attempts: 3, evaluateOnExits } }))).to.match(
        /^retryStrategy.evaluateOnExits does not end with a condition that matches every failure, /,
      );
    }
  });
});

describe("batch-public-ip", () => {
  const rule = "batch-public-ip";
  const networkConfiguration = { assignPublicIp: "ENABLED" };

  it("reports jobs with a public IP address", async () => {
    const props = {
      containerProperties: JSON.stringify({ networkConfiguration }),
      ecsProperties: JSON.stringify({ taskProperties: [{}, { networkConfiguration }] }),
    };
    expect(await said(rule, job(props))).to.deep.equal([
      "containerProperties.networkConfiguration.assignPublicIp is ENABLED: leave it out, and use private subnets.",
      "ecsProperties.taskProperties[1].networkConfiguration.assignPublicIp is ENABLED: leave it out, and use private subnets.",
    ]);
  });

  it("accepts jobs without one, and leaves documents that cannot be parsed to the rule on isolation", async () => {
    for (const containerProperties of [unknown, "{", "{}", '{"networkConfiguration":{"assignPublicIp":"DISABLED"}}']) {
      expect(await said(rule, job({ containerProperties }))).to.deep.equal([]);
    }
  });
});
