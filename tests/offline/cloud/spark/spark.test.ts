import * as fs from "node:fs";
import * as path from "node:path";
import { gunzipSync } from "node:zlib";
import { CancelStepsCommand } from "@aws-sdk/client-emr";
import { expect } from "chai";
import { Logs } from "../../../../offline/cloud/logs/logs";
import { pathOf } from "../../../../offline/cloud/s3/keys";
import { splitWords } from "../../../../offline/cloud/spark/command";
import { findLauncher } from "../../../../offline/cloud/spark/launcher";
import { Runner } from "../../../../offline/cloud/spark/runner";
import {
  CLUSTER,
  closeEmr,
  cluster,
  serveEmr,
  sparkStep,
  withPath,
  withSparkSubmit,
} from "../../../helpers/offline/emr";
import { until } from "../../../helpers/offline/served";
import { temporaryFolder } from "../../../helpers/temporaryFolder";

const SCRIPT = "s3://code/job.py";
const FILES = { files: { "job.py": "" } };

describe("Spark steps", () => {
  let restore = () => {};
  afterEach(async () => {
    await closeEmr();
    restore();
  });

  async function runStep(script: string, args: string[], inputs = {}) {
    restore = withSparkSubmit(script);
    const server = await serveEmr([cluster(inputs)], FILES);
    const [id = ""] = await server.add(sparkStep("summary", ...args));
    const { Status } = await server.reach(id);
    const printed = server.lines.flatMap((line) => /^summary s-\w+ \| (.*)$/.exec(line)?.[1] ?? []);
    return { ...server, id, Status, printed };
  }

  describe("with spark-submit installed", () => {
    it("run on this machine, with the folders of buckets in place of their URIs", async () => {
      const args = ["--deploy-mode", "cluster", "--master=yarn", "--py-files", "s3://code/job.py,s3://code/job.py"];
      const rest = ["--events", "s3://code/events/", "--to=s3a://code", "s3://other/x", "xs3://code/x"];
      const { Status, printed, folder } = await runStep('for word in "$@"; do echo "$word"; done', [
        ...args,
        SCRIPT,
        ...rest,
      ]);
      expect(Status?.State).to.equal("COMPLETED");
      const words = printed.filter((line) => !/^(added|RUNNING|COMPLETED)/.test(line));
      expect(words.slice(0, 2)).to.deep.equal(["--master", "local[*]"]);
      expect(words.slice(words.indexOf("--py-files"))).to.deep.equal([
        ...["--py-files", `${folder}/job.py,${folder}/job.py`],
        `${folder}/job.py`,
        ...["--events", `file://${folder}/events/`, `--to=file://${folder}`, "s3://other/x", "xs3://code/x"],
      ]);
      expect(words).not.to.include.members(["cluster"]);
    });

    it("reach the emulated services, but not the user's own AWS account", async () => {
      const args = ["--conf", "spark.yarn.appMasterEnv.STAGE=dev", "--conf", "spark.yarn.appMasterEnv.PATH=/x", SCRIPT];
      const { printed } = await runStep("env; ls -a $HOME", args);
      const said = printed.join("\n");
      expect(said).to.match(/^AWS_ENDPOINT_URL=http:\/\/127.0.0.1:\d+$/m);
      expect(said).to.match(/^AWS_ACCESS_KEY_ID=AKIAEXAMPLE$/m);
      expect(said).to.match(/^AWS_REGION=eu-west-1$/m);
      expect(said).to.match(/^STAGE=dev$/m);
      expect(said).to.match(/^HOME=.*pulumi-offline-spark-/m);
      expect(said).not.to.match(/^PATH=\/x$/m);
      expect(fs.existsSync(/^HOME=(.*)$/m.exec(said)?.[1] ?? "/")).to.equal(false);
    });

    it("apply the cluster's Spark SQL settings, which their own override", async () => {
      const Properties = {
        "spark.sql.shuffle.partitions": "64",
        "spark.sql.committer": "com.amazon.emr.Committer",
        "spark.executor.memory": "80g",
      };
      const configurationsJson = JSON.stringify([{ Classification: "spark-defaults", Properties }]);
      const { printed } = await runStep('echo "$@"', ["--conf", "spark.sql.shuffle.partitions=2", SCRIPT], {
        configurationsJson,
      });
      const said = printed.find((line) => line.startsWith("--master"));
      expect(said).to.match(/shuffle.partitions=64.*shuffle.partitions=2 /);
      expect(said).not.to.match(/80g|com.amazon/);
    });

    it("fail with the exit code and the last lines", async () => {
      const { Status, logs, id } = await runStep('echo "one"; echo "two" >&2; exit 3', [SCRIPT]);
      expect(Status?.State).to.equal("FAILED");
      expect(Status?.FailureDetails?.Reason).to.equal("spark-submit ended with exit code 3");
      expect(Status?.FailureDetails?.Message?.split("\n")).to.have.members(["one", "two"]);
      const kept = logs.findByName(`${CLUSTER}/steps/${id}/stdout`)?.events?.map(({ message }) => message);
      expect(kept).to.have.members(["one", "two"]);
    });

    const exceptions: Record<string, [printed: string[], message: string]> = {
      "of the driver": [
        [
          'Exception in thread "main" org.apache.spark.sql.AnalysisException: Path does not exist: s3://a/b;',
          "\tat org.apache.spark.sql.Dataset.load(Dataset.scala:1)",
          "Caused by: java.io.FileNotFoundException: no",
          "\t... 20 more",
          "26/01/01 00:00:00 INFO ShutdownHookManager: Shutdown hook called",
        ],
        "org.apache.spark.sql.AnalysisException: Path does not exist: s3://a/b;",
      ],
      "of Python, the last of its chain": [
        [
          "Traceback (most recent call last):",
          '  File "job.py", line 1, in <module>',
          "ValueError: no",
          "",
          "During handling of the above exception, another exception occurred:",
          "",
          "Traceback (most recent call last):",
          '  File "job.py", line 3, in <module>',
          "lib.Boom: with a name of its own",
          "26/01/01 00:00:00 INFO ShutdownHookManager: Shutdown hook called",
        ],
        "lib.Boom: with a name of its own",
      ],
      "of Java inside Python": [
        [
          "Traceback (most recent call last):",
          '  File "job.py", line 1, in <module>',
          "py4j.protocol.Py4JJavaError: An error occurred while calling o1.load.",
          ": java.io.IOException: No FileSystem for scheme x",
          "\tat org.apache.hadoop.fs.FileSystem.get(FileSystem.java:1)",
        ],
        "java.io.IOException: No FileSystem for scheme x",
      ],
    };
    for (const [what, [printed, message]] of Object.entries(exceptions)) {
      it(`fail with the exception ${what}, as on EMR`, async () => {
        const { Status } = await runStep(`cat >&2 <<'END'\n${printed.join("\n")}\nEND\nexit 1`, [SCRIPT]);
        expect(Status?.FailureDetails?.Message).to.equal(message);
      });
    }

    it("fail, as on EMR, if the command and its arguments are one string", async () => {
      const server = await serveEmr([cluster()], { files: { "job.py": "" } });
      const command = `spark-submit --deploy-mode cluster ${SCRIPT}`;
      const step = { Name: "s", HadoopJarStep: { Jar: "command-runner.jar", Args: [command] } };
      const [id = ""] = await server.add(step);
      const { Status } = await server.reach(id);
      expect(Status?.State).to.equal("FAILED");
      expect(Status?.FailureDetails?.Message).to.contain(`Cannot run program "${command}"`);
      expect(Status?.FailureDetails?.Reason).to.match(/as an element of Args$/);
    });

    it("store their output at the cluster's log location", async () => {
      const inputs = { logUri: "s3n://code/logs/" };
      const { folder, id, Status } = await runStep("echo done; exit 1", [SCRIPT], inputs);
      expect(Status?.FailureDetails?.LogFile).to.equal(`s3n://code/logs/${CLUSTER}/steps/${id}/stdout.gz`);
      const file = path.join(folder, "logs", CLUSTER, "steps", id, "stdout.gz");
      expect(gunzipSync(fs.readFileSync(file)).toString()).to.equal("done\n");
    });

    it("keep their logs inside the bucket", async () => {
      const { folder, id } = await runStep("echo done", [SCRIPT], { logUri: "s3://code/../logs" });
      const file = path.join(folder, pathOf(`../logs/${CLUSTER}/steps/${id}/stdout.gz`));
      expect(gunzipSync(fs.readFileSync(file)).toString()).to.equal("done\n");
    });

    it("run a script whose key is not a path", async () => {
      restore = withSparkSubmit('echo "$@"');
      const key = "a//../job.py";
      const server = await serveEmr([cluster()], { files: { [pathOf(key)]: "" } });
      const [id = ""] = await server.add(sparkStep("summary", `s3://code/${key}`));
      expect((await server.reach(id)).Status?.State).to.equal("COMPLETED");
      expect(server.lines.join("\n")).to.contain(path.join(server.folder, pathOf(key)));
    });

    it("fail without running if a script is missing or not given", async () => {
      const missing = await runStep("echo ran", ["--jars", "s3://code/gone.jar", SCRIPT]);
      expect(missing.Status?.FailureDetails?.Reason).to.match(/^s3:\/\/code\/gone.jar does not exist/);
      const outside = await runStep("echo ran", ["s3://code/a/../job.py"]);
      expect(outside.Status?.FailureDetails?.Reason).to.match(/^s3:\/\/code\/a\/..\/job.py does not exist/);
      const below = await runStep("echo ran", [`${SCRIPT}/main.py`]);
      expect(below.Status?.FailureDetails?.Reason).to.match(/^s3:\/\/code\/job.py\/main.py does not exist/);
      const none = await runStep("echo ran", ["--class", "Main"]);
      expect(none.Status?.FailureDetails?.Reason).to.equal("spark-submit has no script or jar among its arguments");
      expect([...missing.printed, ...outside.printed, ...none.printed]).not.to.include("ran");
    });

    it("end with all processes that they started when they are cancelled", async () => {
      restore = withSparkSubmit('sleep 60 & echo "began $$"; wait');
      const server = await serveEmr(undefined, FILES);
      const [id = ""] = await server.add(sparkStep("summary", SCRIPT));
      await until(() => server.lines.some((line) => line.includes("| began")));
      await server.emr.send(new CancelStepsCommand({ ClusterId: CLUSTER, StepIds: [id] }));
      expect((await server.reach(id)).Status?.State).to.equal("CANCELLED");
      // Ending waits for the output, which the child holds open as long as it lives.
      const pid = Number(/began (\d+)/.exec(server.lines.join("\n"))?.[1]);
      expect(() => process.kill(pid, 0)).to.throw(/ESRCH/);
    });

    it("are killed at once on request, although they ignore SIGTERM", async () => {
      restore = withSparkSubmit('trap "" TERM; echo began; while true; do sleep 0.05; done');
      const server = await serveEmr(undefined, FILES);
      const [id = ""] = await server.add(sparkStep("summary", SCRIPT));
      await until(() => server.lines.some((line) => line.includes("| began")));
      const StepCancellationOption = "TERMINATE_PROCESS";
      await server.emr.send(new CancelStepsCommand({ ClusterId: CLUSTER, StepIds: [id], StepCancellationOption }));
      expect((await server.reach(id)).Status?.State).to.equal("CANCELLED");
    });

    it("leave no process behind when the server closes", async () => {
      restore = withSparkSubmit('sleep 60 & echo "began $$"; wait');
      const server = await serveEmr(undefined, FILES);
      await server.add(sparkStep("summary", SCRIPT));
      await until(() => server.lines.some((line) => line.includes("| began")));
      await closeEmr();
      const pid = Number(/began (\d+)/.exec(server.lines.join("\n"))?.[1]);
      expect(() => process.kill(pid, 0)).to.throw(/ESRCH/);
    });
  });

  describe("without spark-submit", () => {
    it("are simulated, and say so in the log and in the step", async () => {
      restore = withPath(temporaryFolder());
      const server = await serveEmr(undefined, FILES);
      const [id = ""] = await server.add(sparkStep("summary", SCRIPT));
      const { Status } = await server.reach(id);
      expect(Status?.State).to.equal("COMPLETED");
      expect(Status?.StateChangeReason?.Message).to.match(/^simulated: spark-submit is not on the PATH/);
      expect(server.lines.some((line) => line.endsWith(`| ${Status?.StateChangeReason?.Message}`))).to.equal(true);
    });

    it("fail all the same if their script is missing", async () => {
      restore = withPath(temporaryFolder());
      const server = await serveEmr();
      const [id = ""] = await server.add(sparkStep("summary", "--deploy-mode", "cluster", SCRIPT));
      const { Status } = await server.reach(id);
      expect([Status?.State, Status?.FailureDetails?.Reason]).to.deep.equal([
        "FAILED",
        "s3://code/job.py does not exist: upload it before the job, as a BucketObject or with PutObject",
      ]);
    });
  });

  describe("that are stopped before they have begun", () => {
    const cases: Record<string, () => () => void> = {
      "with spark-submit": () => withSparkSubmit("sleep 60"),
      "without spark-submit": () => withPath(temporaryFolder()),
    };
    for (const [what, prepare] of Object.entries(cases)) {
      it(`end at once, ${what}`, async () => {
        restore = prepare();
        const folder = temporaryFolder();
        fs.writeFileSync(path.join(folder, "job.py"), "");
        const runner = new Runner({
          endpoint: "",
          credentials: { accessKeyId: "", secretAccessKey: "" },
          region: "eu-west-1",
          buckets: { folderOf: () => folder },
          logs: new Logs(),
          log: () => {},
          simulatedMilliseconds: 60_000,
        });
        let begun = false;
        const run = runner.start({ label: "a", stream: "a", files: [], defaults: {}, spark: [SCRIPT] }, () => {
          begun = true;
        });
        run.stop();
        expect([await run.outcome, begun]).to.deep.equal([{ status: "stopped" }, false]);
        await runner.close();
      });
    }
  });

  it("with a real Spark write Parquet into the bucket, and nothing else", async function () {
    const launcher = await findLauncher();
    if ("missing" in launcher) {
      console.log(`      (${launcher.missing})`);
      return this.skip();
    }
    this.timeout(180_000);
    const job = [
      "import sys",
      "from pyspark.sql import SparkSession",
      "spark = SparkSession.builder.getOrCreate()",
      "counts = spark.read.json(sys.argv[1]).groupBy('type').count()",
      "counts.coalesce(1).write.partitionBy('type').parquet(sys.argv[2])",
      "import os; print(spark._jvm.java.lang.System.getProperty('java.io.tmpdir') == os.getcwd())",
      "print(sorted(spark.read.parquet(sys.argv[2]).collect()))",
    ].join("\n");
    const events = '{"type":"created"}\n{"type":"created"}\n{"type":"deleted"}\n';
    const server = await serveEmr(undefined, { files: { "job.py": job, "events/a ü/1.json": events } });
    const args = ["--deploy-mode", "cluster", "--conf", "spark.sql.shuffle.partitions=1"];
    const [id = ""] = await server.add(sparkStep("s", ...args, SCRIPT, "s3://code/events/*/", "s3://code/daily/"));
    const end = Date.now() + 170_000;
    while (Date.now() < end && !/COMPLETED|FAILED/.test((await server.step(id)).Status?.State ?? "")) {
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    expect((await server.step(id)).Status?.State, server.lines.join("\n")).to.equal("COMPLETED");
    expect(server.lines.join("\n")).to.match(/\| True$/m);
    expect(server.lines.join("\n")).to.match(/\| \[Row\(count=1, type='deleted'\), Row\(count=2, type='created'\)\]/);
    const written = fs.readdirSync(path.join(server.folder, "daily"), { recursive: true }).map(String).sort();
    expect(written.map((file) => path.basename(file).replace(/^part-.*(\.parquet)$/, "part$1"))).to.deep.equal([
      ...["_SUCCESS", "type=created", "part.parquet", "type=deleted", "part.parquet"],
    ]);
  });
});

describe("the parameters of a serverless job", () => {
  const cases: [string, string[]][] = [
    ["--conf a=b  --class Main", ["--conf", "a=b", "--class", "Main"]],
    [`--conf "a=b c" --conf 'd="e"'`, ["--conf", "a=b c", "--conf", 'd="e"']],
    [`--conf a="b c"\\ d`, ["--conf", "a=b c d"]],
    [`--conf "a=\\"b\\""\n--conf c`, ["--conf", 'a="b"', "--conf", "c"]],
    ["", []],
  ];
  for (const [text, words] of cases) {
    it(`are ${words.length} words: ${text.replaceAll("\n", "⏎") || "nothing"}`, () => {
      expect(splitWords(text)).to.deep.equal(words);
    });
  }
});
