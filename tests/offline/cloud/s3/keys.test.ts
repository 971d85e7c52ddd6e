import * as fs from "node:fs";
import * as path from "node:path";
import { expect } from "chai";
import fc from "fast-check";
import { Bucket } from "../../../../offline/cloud/s3/bucket";
import { besideFolder, keyOf, pathOf } from "../../../../offline/cloud/s3/keys";
import { temporaryFolder } from "../../../helpers/temporaryFolder";

const piece = fc.constantFrom(
  "a",
  "A",
  ".",
  "..",
  "/",
  "\\",
  "\0",
  "%2F",
  "~",
  ":",
  " ",
  "é",
  "😀",
  "_",
  "x".repeat(260),
);
const anyKey = fc
  .oneof(
    fc.array(piece, { minLength: 1, maxLength: 8 }).map((pieces) => pieces.join("")),
    fc.string({ minLength: 1, unit: "grapheme" }),
  )
  .filter((key) => Buffer.byteLength(key) <= 1024 && !/[\uf000-\uf0ff]/.test(key));

describe("The path of an S3 key", () => {
  it("is usually the key itself", () => {
    for (const key of [
      "events/date=2026-01-01/x.json",
      "a b/ü+%2F:~.gz",
      "_SUCCESS",
      ".hidden",
      "...",
      "x".repeat(252),
    ]) {
      expect(pathOf(key)).to.equal(key);
    }
  });

  it("leads back to the key, never out of the folder, and has names that file systems allow", () => {
    fc.assert(
      fc.property(anyKey, (key) => {
        const names = pathOf(key).split("/");
        expect(keyOf(pathOf(key))).to.equal(key);
        expect(keyOf(besideFolder(pathOf(key)))).to.equal(key);
        for (const name of names) {
          expect(["", ".", ".."]).not.to.include(name);
          expect(name).not.to.match(/[\0\\]/);
          expect(Buffer.byteLength(besideFolder(name)))
            .to.be.at.most(258)
            .and.above(0);
          expect(Buffer.byteLength(name)).to.be.at.most(255);
        }
      }),
    );
  });

  it("does not exist for keys that are too long, or contain a character that is reserved for paths", () => {
    expect(() => pathOf("x".repeat(1025))).to.throw("Your key is too long");
    expect(() => pathOf("a\uf02fb")).to.throw("The key contains U+F02F");
  });

  it("has no key if the mapping could not have made it", () => {
    for (const odd of ["a\uf02e", "a\uf0fe", "x\uf041", ".\uf02f.\uf02f"]) expect(keyOf(odd)).to.equal(undefined);
  });
});

describe("A bucket's folder", () => {
  let folder: string;
  let bucket: Bucket;
  beforeEach(() => {
    const root = temporaryFolder();
    folder = path.join(root, "raw");
    fs.mkdirSync(folder);
    bucket = new Bucket("raw", "eu-west-1", folder, path.join(root, ".properties"));
  });

  let staged = 0;
  const put = async (key: string, text = key) => {
    staged += 1;
    const file = path.join(path.dirname(folder), `staged-${staged}`);
    fs.writeFileSync(file, text);
    await bucket.write(key, { file, etag: `"${text}"`, headers: { "content-type": text.slice(0, 9) } });
  };
  const read = async (key: string) => {
    const opened = await bucket.open(key);
    const text = await opened?.handle.readFile("utf8");
    await opened?.handle.close();
    return text;
  };

  it("holds any set of keys at once, whatever their order", async () => {
    const set = fc.uniqueArray(anyKey, { maxLength: 6 });
    await fc.assert(
      fc.asyncProperty(set, async (keys) => {
        await Promise.all(keys.map((key) => put(key)));
        for (const key of keys) expect(await read(key)).to.equal(key);
        expect((await bucket.keys("")).sort()).to.deep.equal([...keys].sort());
        await Promise.all(keys.map((key) => bucket.delete(key)));
        expect(fs.readdirSync(folder)).to.deep.equal([]);
      }),
      { numRuns: 40 },
    );
  });

  it("holds an object whose key is a prefix of others, written before or after them", async () => {
    await put("a", "one");
    await put("a/b/c");
    await put("a/b");
    expect([await read("a"), await read("a/b"), await read("a/b/c")]).to.deep.equal(["one", "a/b", "a/b/c"]);
    expect((await bucket.find("a"))?.headers).to.deep.equal({ "content-type": "one" });
    expect(fs.readFileSync(path.join(folder, "a/b/c"), "utf8")).to.equal("a/b/c");
    await put("a", "two");
    await bucket.delete("a/b/c");
    await bucket.delete("a/b");
    await put("a", "three");
    expect(await bucket.keys("")).to.deep.equal(["a"]);
    expect([await read("a"), fs.readFileSync(path.join(folder, "a"), "utf8")]).to.deep.equal(["three", "three"]);
    expect(fs.readdirSync(folder)).to.deep.equal(["a"]);
  });

  it("forgets the properties of a file that another program has overwritten", async () => {
    await put("a", "one");
    fs.writeFileSync(path.join(folder, "a"), "two!");
    const { etag, headers, size } = (await bucket.find("a")) ?? {};
    expect([headers, size]).to.deep.equal([{}, 4]);
    expect(etag).to.match(/^"[0-9a-f]{32}-1"$/);
  });

  it("neither follows nor shows symbolic links", async () => {
    const outside = temporaryFolder();
    fs.writeFileSync(path.join(outside, "secret"), "secret");
    fs.symlinkSync(path.join(outside, "secret"), path.join(folder, "link"));
    fs.symlinkSync(outside, path.join(folder, "folder"));
    expect(await bucket.keys("")).to.deep.equal([]);
    expect(await read("link")).to.equal(undefined);
    expect(await read("folder/secret")).to.equal(undefined);
    expect(await bucket.keys("folder/")).to.deep.equal([]);
    const refusals = await Promise.all(["link", "folder/new"].map((key) => put(key).catch((error) => error.code)));
    expect(refusals).to.deep.equal(["InvalidRequest", "InvalidRequest"]);
    expect(fs.readdirSync(outside)).to.deep.equal(["secret"]);
  });

  it("sends the object as it was when reading began, while others write", async () => {
    await put("a", "one");
    const opened = await bucket.open("a");
    await put("a", "two");
    expect(await opened?.handle.readFile("utf8")).to.equal("one");
    await opened?.handle.close();
  });
});
