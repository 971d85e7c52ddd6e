/**
 * Mocha loads this in all of its processes: the commands that tests run keep their caches in the repository, where the
 * next run finds them, and not in the developer's own folder.
 */
const path = require("node:path");
const { changeModules, withoutStacks } = require("../../offline/engine/program/sdk.cjs");

const caches = path.resolve(__dirname, "../../.cache/tests");
process.env.XDG_CACHE_HOME = caches;
if (process.platform === "win32") process.env.LOCALAPPDATA = caches;

// Spark in each test has few rows: compiling code for them, and all else that long jobs gain from, takes most of its time.
process.env.SPARK_SUBMIT_OPTS ??= [
  ...["-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"],
  ...["-Dspark.ui.enabled=false", "-Dspark.sql.shuffle.partitions=1"],
  ...["-Dspark.sql.codegen.wholeStage=false", "-Dspark.sql.codegen.factoryMode=NO_CODEGEN"],
].join(" ");

// As in a program that the command runs.
changeModules(withoutStacks);

exports.mochaHooks = {
  afterAll() {
    const { removeTemporaryFolders } = require("./temporaryFolder");
    removeTemporaryFolders();
  },
};
