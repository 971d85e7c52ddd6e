import { expect } from "chai";
import { invoke, resultOf, serveFunction } from "../../../../helpers/offline/functions";
import { graphOf, lambda } from "../../../../helpers/offline/graph";
import { closeServers, serveGraph } from "../../../../helpers/offline/served";
import { temporaryFolder } from "../../../../helpers/temporaryFolder";

/** A function with a file next to its code. */
const withFile = (body: string) => ({
  "index.js": `const fs = require("node:fs"), path = require("node:path"), child = require("node:child_process");
    exports.handler = async (event) => { ${body} }`,
  "data/greeting.txt": "hello",
});

describe("The working directory of a Lambda function", () => {
  afterEach(closeServers);

  const readers: Record<string, string> = {
    "a synchronous call": "return fs.readFileSync('data/greeting.txt', 'utf8')",
    "a callback": "return new Promise((r) => fs.readFile('./data/greeting.txt', 'utf8', (e, text) => r(text)))",
    "a promise": "return fs.promises.readFile('data/greeting.txt', 'utf8')",
    "node:fs/promises": "return require('fs/promises').readFile('data/greeting.txt', 'utf8')",
    "a stream":
      "let all = ''; for await (const part of fs.createReadStream('data/greeting.txt')) all += part; return all",
    "a file descriptor": "return fs.readFileSync(fs.openSync('data/greeting.txt'), 'utf8')",
    "a file handle": "return (await fs.promises.open('data/greeting.txt')).readFile('utf8')",
    "path.resolve": "return fs.readFileSync(path.resolve('data', 'greeting.txt'), 'utf8')",
    "process.cwd": "return fs.readFileSync(process.cwd() + '/data/greeting.txt', 'utf8')",
    "PWD and LAMBDA_TASK_ROOT":
      "return process.env.PWD === process.env.LAMBDA_TASK_ROOT && fs.readFileSync(process.env.PWD + '/data/greeting.txt', 'utf8')",
    "the native realpath": "return fs.readFileSync(fs.realpathSync.native('data/greeting.txt'), 'utf8')",
    "a promisified exists": "return (await require('util').promisify(fs.exists)('data/greeting.txt')) && 'hello'",
    "process.chdir": "process.chdir('data'); return fs.readFileSync('greeting.txt', 'utf8')",
    "a copy": "fs.copyFileSync('data/greeting.txt', 'copied.txt'); return fs.readFileSync('copied.txt', 'utf8')",
    "a symbolic link":
      "fs.rmSync('link', { force: true }); fs.symlinkSync('data', 'link'); return fs.readFileSync('link/greeting.txt', 'utf8')",
    execSync: "return child.execSync('cat data/greeting.txt', { encoding: 'utf8' })",
    "execSync in a folder": "return child.execSync('cat greeting.txt', { cwd: 'data' }).toString()",
    execFileSync: "return child.execFileSync('cat', ['data/greeting.txt']).toString()",
    spawnSync: "return child.spawnSync('cat', ['data/greeting.txt'], undefined).stdout.toString()",
    exec: "return (await require('util').promisify(child.exec)('cat data/greeting.txt')).stdout",
    "execFileSync in a folder given as a URL":
      "return child.execFileSync('cat', ['greeting.txt'], { cwd: require('url').pathToFileURL('data') }).toString()",
    "spawn in a folder":
      "const { stdout } = child.spawn('cat', ['greeting.txt'], { cwd: 'data' }); let all = ''; for await (const part of stdout) all += part; return all",
  };
  for (const [what, body] of Object.entries(readers)) {
    it(`is the folder of its code for ${what}`, async () => {
      expect(await resultOf(withFile(body))).to.equal("hello");
    });
  }

  it("is the folder of its code for what an ES module imports by name", async () => {
    const files = {
      "index.mjs": `import { readFileSync } from "node:fs"; import { readFile } from "node:fs/promises";
        import { execFileSync } from "child_process";
        const file = "greeting.txt";
        export const handler = async () =>
          [readFileSync(file, "utf8"), await readFile(file, "utf8"), execFileSync("cat", [file]).toString()]`,
      "greeting.txt": "hello",
    };
    expect(await resultOf(files)).to.deep.equal(["hello", "hello", "hello"]);
  });

  it("is the function's own, and not the command's", async () => {
    const code = "exports.handler = async () => process.cwd()";
    const graph = graphOf(temporaryFolder(), lambda("main", code), lambda("other", `${code} // other`));
    const server = await serveGraph(graph);
    const [main, other] = [await invoke(server), await invoke(server, {}, { FunctionName: "other" })];
    expect(new Set([main.result, other.result, process.cwd()])).to.have.property("size", 3);
  });

  it("cannot become a folder that does not exist, or a file", async () => {
    const { errorMessage } = await resultOf(withFile("process.chdir('nowhere')"));
    expect(errorMessage).to.match(/^ENOENT/);
    expect((await resultOf(withFile("process.chdir('data/greeting.txt')"))).errorMessage).to.match(/^ENOTDIR/);
  });

  it("leaves absolute paths, empty ones and file descriptors alone", async () => {
    const server = await serveFunction(
      withFile(
        "const file = fs.mkdtempSync('/tmp/offline-test-') + '/a'; fs.writeFileSync(file, 'a'); const text = fs.readFileSync(file, 'utf8'); fs.rmSync(path.dirname(file), { recursive: true }); return [text, fs.existsSync('')]",
      ),
    );
    expect((await invoke(server)).result).to.deep.equal(["a", false]);
  });
});
