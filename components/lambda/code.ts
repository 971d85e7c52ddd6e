import * as path from "node:path";
import * as pulumi from "@pulumi/pulumi";
import type { LambdaFunctionArgs, LayerArgs } from "./args";
import { bundle } from "./bundle";
import { layerMistake } from "./checks";

/** An asset of files, not of text: text would be kept in the stack's state, in each of its versions. */
export async function bundledCode(args: LambdaFunctionArgs, architecture: string): Promise<pulumi.asset.Archive> {
  const files = await bundle({
    entryPoint: path.resolve(args.entry ?? ""),
    exportName: (args.handler ?? "index.handler").replace("index.", ""),
    architecture,
    options: args.bundle ?? {},
  });
  const [script] = Object.entries(files);
  if (args.bundle?.sourceMap && script) files[`${script[0]}.map`] = `${script[1]}.map`;
  const assets = Object.entries(files).map(([name, file]) => [name, new pulumi.asset.FileAsset(file)]);
  return new pulumi.asset.AssetArchive(Object.fromEntries(assets));
}

/** A layer's ARN, once its architectures, if given, are known to fit. */
export function checkedLayer(
  name: string,
  { arn, compatibleArchitectures }: LayerArgs,
  index: number,
  architecture: string,
) {
  return pulumi.all([arn, compatibleArchitectures]).apply(([known, compatible]) => {
    const mistake = layerMistake(compatible, architecture);
    if (mistake) throw new pulumi.RunError(`LambdaFunction "${name}" layers[${index}]: ${mistake}`);
    return known;
  });
}
