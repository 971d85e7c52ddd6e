import * as fs from "node:fs";
import * as path from "node:path";
import { PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { expect } from "chai";
import { strToU8, zipSync } from "fflate";
import { Archive, Asset, type Properties } from "../../../../offline/engine/values";
import { invoke } from "../../../helpers/offline/functions";
import { graphOf, resource } from "../../../helpers/offline/graph";
import { closeServers, type Served, serveGraph } from "../../../helpers/offline/served";
import { temporaryFolder } from "../../../helpers/temporaryFolder";

const bucket = resource("aws:s3/bucket:Bucket", "code", {}, { bucket: "code" });
const object = (type: string, inputs: Properties) =>
  resource(type, "main.zip", { bucket: "code", key: "main.zip", ...inputs });
const OBJECT = "aws:s3/bucketObjectv2:BucketObjectv2";
const answering = (text: string) => `exports.handler = async () => "${text}"`;
const zipped = (text: string) => zipSync({ "index.js": strToU8(answering(text)), "folder/": new Uint8Array() });

/** A function whose code is an object. */
function main(inputs: Properties = {}) {
  const settings = { handler: "index.handler", runtime: "nodejs22.x", s3Bucket: "code", s3Key: "main.zip", ...inputs };
  const arn = "arn:aws:lambda:eu-west-1:123456789012:function:main";
  return resource("aws:lambda/function:Function", "main", settings, { name: "main", arn });
}

describe("Code in S3", () => {
  let directory: string;
  beforeEach(() => {
    directory = temporaryFolder();
    fs.mkdirSync(path.join(directory, "src"));
    fs.writeFileSync(path.join(directory, "src/index.js"), answering("code"));
    fs.writeFileSync(path.join(directory, "main.zip"), zipped("code"));
  });
  afterEach(closeServers);

  const base64 = Buffer.from(zipped("code")).toString("base64");
  const objects: Record<string, [type: string, inputs: Properties]> = {
    "a .zip file that the program uploads": [OBJECT, { source: new Asset({ path: "main.zip" }) }],
    "a folder that the program uploads": [OBJECT, { source: new Archive({ path: "src" }) }],
    "the contents of an object": [OBJECT, { contentBase64: base64 }],
    "a BucketObject": ["aws:s3/bucketObject:BucketObject", { source: new Asset({ path: "main.zip" }) }],
  };
  for (const [what, [type, inputs]] of Object.entries(objects)) {
    it(`may be ${what}`, async () => {
      const server = await serveGraph(graphOf(directory, bucket, object(type, inputs), main()));
      expect(server.problems).to.deep.equal([]);
      expect((await invoke(server)).result).to.equal("code");
    });
  }

  it("follows edits of what the program uploads", async () => {
    const graph = () => graphOf(directory, bucket, object(OBJECT, { source: new Archive({ path: "src" }) }), main());
    const server = await serveGraph(graph());
    expect((await invoke(server)).result).to.equal("code");
    fs.writeFileSync(path.join(directory, "src/index.js"), answering("edited"));
    expect(await server.reconcile(graph())).to.deep.include({ action: "updated", kind: "function", name: "main" });
    expect((await invoke(server)).result).to.equal("edited");
  });

  it("may have been put into a bucket by another program, in this run or in an earlier one", async () => {
    const graph = graphOf(directory, bucket, main());
    const put = async ({ endpoint, credentials }: Served) => {
      const client = new S3Client({ endpoint, region: "eu-west-1", credentials, forcePathStyle: true });
      await client.send(new PutObjectCommand({ Bucket: "code", Key: "main.zip", Body: zipped("put") }));
    };
    const server = await serveGraph(graph, { data: path.join(directory, "data") });
    expect(server.problems.join()).to.match(/does not run offline: .* s3:\/\/code\/main\.zip does not exist/);
    await put(server);
    await server.reconcile(graph);
    expect((await invoke(server)).result).to.equal("put");
    await closeServers();
    expect((await invoke(await serveGraph(graph, { data: path.join(directory, "data") }))).result).to.equal("put");
  });

  it("may be that of a layer", async () => {
    const layered = new Archive({
      assets: { "nodejs/node_modules/shared/index.js": new Asset({ text: "exports.text = 'layer'" }) },
    });
    const arn = "arn:aws:lambda:eu-west-1:123456789012:layer:shared:1";
    const shared = resource(
      "aws:lambda/layerVersion:LayerVersion",
      "shared",
      { layerName: "shared", s3Bucket: "code", s3Key: "layer.zip" },
      { arn },
    );
    const code = new Archive({
      assets: { "index.js": new Asset({ text: "exports.handler = async () => require('shared').text" }) },
    });
    const upload = object(OBJECT, { key: "layer.zip", source: layered });
    const server = await serveGraph(graphOf(directory, bucket, upload, shared, main({ code, layers: [arn] })));
    expect((await invoke(server)).result).to.equal("layer");
  });

  const missing: Record<string, [resources: ReturnType<typeof resource>[], inputs: Properties, why: RegExp]> = {
    "a bucket that is not the program's": [
      [],
      {},
      /s3:\/\/code\/main\.zip is not in a bucket of the program; give the code as an archive/,
    ],
    "a missing object": [[bucket], {}, /s3:\/\/code\/main\.zip does not exist; put it there with a BucketObject/],
    "an object that is no archive": [
      [bucket, object(OBJECT, { content: "text" })],
      {},
      /s3:\/\/code\/main\.zip is not a \.zip file/,
    ],
    nothing: [[], { s3Bucket: "" }, /only a deployment knows it; give it as an archive, or as s3Bucket and s3Key/],
  };
  for (const [what, [resources, inputs, why]] of Object.entries(missing)) {
    it(`cannot be ${what}, and the start and each call say so`, async () => {
      const server = await serveGraph(graphOf(directory, ...resources, main(inputs)));
      expect(server.problems.join())
        .to.match(/function main does not run offline: the code cannot be read: /)
        .and.match(why);
      expect((await invoke(server)).result.errorMessage).to.match(why);
    });
  }
});
