import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { expect } from "chai";
import { hasSpark, type Spark, startSpark } from "../helpers/jobs/spark";

const missing = "python3 has no pyspark, or there is no Java: pip install pyspark";

describe("the Spark job daily_summary.py", function () {
  // Java and Spark are slow to start.
  this.timeout(180_000);
  let spark: Spark | undefined;
  let folder: string;
  before(function () {
    if (!hasSpark()) {
      console.log(`    skipped: ${missing}`);
      return this.skip();
    }
    spark = startSpark();
  });
  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), "spark-"));
  });
  afterEach(() => rmSync(folder, { recursive: true }));
  after(() => spark?.stop());

  const started = (): Spark => {
    if (!spark) throw new Error(missing);
    return spark;
  };
  const run = (...days: string[]) =>
    started().run("--events", `${folder}/events`, "--summaries", `${folder}/daily/`, ...days);
  const summaries = () => started().read(`${folder}/daily`);
  const write = (file: string, ...lines: (object | string)[]) => {
    const name = path.join(folder, "events", file);
    mkdirSync(path.dirname(name), { recursive: true });
    writeFileSync(name, lines.map((line) => (typeof line === "string" ? line : JSON.stringify(line))).join("\n"));
  };
  const malformed = () =>
    readdirSync(`${folder}/daily/_malformed`, { recursive: true, encoding: "utf8" })
      .filter((file) => file.endsWith(".json"))
      .flatMap((file) => {
        const lines = readFileSync(`${folder}/daily/_malformed/${file}`, "utf8").trim().split("\n");
        return lines.map((line) => `${path.dirname(file)} ${JSON.parse(line).line}`);
      });

  let events = 0;
  const event = (type: string, at: string, item: object) => {
    events += 1;
    return { eventId: `event-${events}`, type, at, item: { name: "Lamp", ...item } };
  };
  const row = (date: string, category: string | undefined, counts: object) => ({
    date,
    ...(category !== undefined && { category }),
    ...{ created: 0, updated: 0, deleted: 0, items: 1, quantity: 0, value: 0 },
    ...counts,
  });

  it("summarises a day by category, as each item's last event left it", async () => {
    const home = { category: "home", price: 0.1, quantity: 3 };
    write(
      "b.jsonl",
      event("updated", "2026-01-31T12:00:00Z", { ...home, id: "lamp", quantity: 5 }),
      event("deleted", "2026-01-31T13:00:00Z", { ...home, id: "chair" }),
      event("updated", "2026-01-31T13:00:00Z", { category: "away", id: "tent", price: 0.1, quantity: 1 }),
      event("created", "2026-01-31T13:00:00Z", { category: "away", id: "pole", price: 0.2, quantity: 1 }),
    );
    write(
      "a/deep/a.jsonl",
      event("created", "2026-01-31T11:00:00Z", { ...home, id: "lamp" }),
      event("created", "2026-01-31T11:00:00Z", { ...home, id: "desk", price: 0.2, quantity: 1_000_000_000 }),
      event("created", "2026-01-31T11:00:00Z", { ...home, id: "chair" }),
      event("created", "2026-01-31T11:00:00Z", { ...home, id: "tent" }),
      event("created", "2026-01-31T11:00:00Z", { id: "thing", price: 7 }),
    );
    const { code, logs } = await run("--date", "2026-01-31");
    expect(code).to.equal(0);
    expect(logs[0]).to.deep.equal({ level: "INFO", message: "Read the events", events: 9, malformed: 0 });
    expect(await summaries()).to.have.deep.members([
      row("2026-01-31", undefined, { created: 1 }),
      // Not 0.30000000000000004.
      row("2026-01-31", "away", { created: 1, updated: 1, items: 2, quantity: 2, value: 0.3 }),
      row("2026-01-31", "home", {
        ...{ created: 4, updated: 1, deleted: 1, items: 4 },
        ...{ quantity: 1_000_000_005, value: 200_000_000.5 },
      }),
    ]);
  });

  it("reads the day from the folder's name, otherwise from the time in UTC, and does not touch other days", async () => {
    const item = { id: "a", category: "c", quantity: 1 };
    write("date=2026-01-30/a.jsonl", event("created", "2026-01-31T00:00:01Z", item));
    write("date=2026-01-31/a.jsonl", event("created", "2026-01-31T10:00:00Z", item));
    write("a.jsonl", event("created", "2026-02-01T00:30:00+01:00", { ...item, id: "b" }));
    write("b.jsonl", event("created", "2026-02-01T00:30:00.5Z", { ...item, id: "c" }));
    // This would fail the job if it were opened.
    write("date=2026-02-02/a.jsonl.gz", "not compressed");
    const { logs } = await run("--from", "2026-01-30", "--to", "2026-01-31");
    expect(logs[0]).to.include({ events: 3, malformed: 0 });
    const january = [
      row("2026-01-30", "c", { created: 1, quantity: 1 }),
      row("2026-01-31", "c", { created: 2, items: 2, quantity: 2 }),
    ];
    expect(await summaries()).to.deep.equal(january);
    await run("--date", "2026-02-01");
    expect(await summaries()).to.deep.equal([...january, row("2026-02-01", "c", { created: 1, quantity: 1 })]);
  });

  it("gives the same result when it is run again, counts an event once, and replaces a day", async () => {
    const once = event("created", "2026-01-31T10:00:00Z", { id: "a", category: "c", price: 2, quantity: 2 });
    write("a.jsonl", once, once);
    write("b.jsonl", once);
    await run("--date", "2026-01-31");
    const first = await summaries();
    expect(first).to.deep.equal([row("2026-01-31", "c", { created: 1, quantity: 2, value: 4 })]);
    await run("--date", "2026-01-31");
    expect(await summaries()).to.deep.equal(first);
    write("b.jsonl", event("deleted", "2026-01-31T11:00:00Z", { id: "a", category: "d" }));
    await run("--date", "2026-01-31");
    expect(await summaries()).to.deep.equal([
      row("2026-01-31", "c", { created: 1 }),
      row("2026-01-31", "d", { deleted: 1 }),
    ]);
  });

  it("counts lines that are not events, and stores them separately, replacing them each time", async () => {
    const good = event("created", "2026-01-31T10:00:00Z", { id: "a" });
    const bad = [
      "not JSON",
      "[]",
      "{}",
      ...[
        { ...good, eventId: undefined },
        { ...good, type: "moved" },
        { ...good, at: "2026-02-30T10:00:00Z" },
        { ...good, at: "2026-01-31" },
        { ...good, item: {} },
        { ...good, item: { id: "a", price: "much" } },
        { ...good, item: { id: "a", price: 1e10 } },
        { ...good, item: { id: "a", price: 1e13 } },
        { ...good, item: { id: "a", quantity: 1.5 } },
        { ...good, item: { id: "a", quantity: -1 } },
      ].map((line) => JSON.stringify(line)),
    ];
    write("a.jsonl", good, "", ...bad);
    write("date=2026-01-31/a.jsonl", "half a li");
    for (const _ of ["first", "again"]) {
      const { code, logs } = await run("--date", "2026-01-31");
      expect(code).to.equal(0);
      expect(logs[0]).to.deep.equal({ level: "WARN", message: "Read the events", events: 1, malformed: 14 });
      expect(malformed()).to.have.members([
        ...bad.map((line) => `date=__HIVE_DEFAULT_PARTITION__ ${line}`),
        "date=2026-01-31 half a li",
      ]);
    }
    expect(await summaries()).to.deep.equal([row("2026-01-31", undefined, { created: 1 })]);
  });

  it("fails if no line is an event, or there is no folder, but not on a day without events", async () => {
    const none = await run("--date", "2026-01-31");
    expect(none.code).to.equal(1);
    expect(none.logs[0]?.message).to.match(/^Cannot read .*events: .*PATH_NOT_FOUND/);
    write("date=2026-01-31/a.jsonl", "not JSON");
    const { code, logs } = await run("--date", "2026-01-31");
    expect(code).to.equal(1);
    expect(logs.at(-1))
      .to.have.property("message")
      .that.matches(/^No line in .*_malformed$/);
    expect(malformed()).to.deep.equal(["date=2026-01-31 not JSON"]);
    expect((await run("--date", "2026-02-01")).code).to.equal(0);
    // An event of another day does not make this day valid.
    write("a.jsonl", event("created", "2026-02-01T10:00:00Z", { id: "a" }));
    expect((await run("--date", "2026-01-31")).code).to.equal(1);
  });

  const wrong = [
    ["--date", "2026-02-30"],
    ["--date", "today"],
    ["--from", "2026-01-01"],
    ["--date", "2026-01-01", "--to", "2026-01-02"],
    ["--from", "2026-01-02", "--to", "2026-01-01"],
    [],
  ];
  for (const args of wrong) {
    it(`exits with 2 for ${args.join(" ") || "no days"}`, async () => {
      expect(await run(...args)).to.deep.equal({ code: 2, logs: [] });
    });
  }
});
