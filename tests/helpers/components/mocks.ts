import * as pulumi from "@pulumi/pulumi";
import { checkArguments, type Kind } from "../../../components/arguments";

/** A resource as the program registered it. */
export interface Registered {
  type: string;
  name: string;
  // biome-ignore lint/suspicious/noExplicitAny: inputs depend on the resource's type; tests check single ones.
  inputs: Record<string, any>;
}

const registered: Registered[] = [];

/** Outputs that the provider would compute, and from which programs derive others. */
export function computed({ type, name, inputs }: Registered): Record<string, unknown> {
  const physicalName = inputs.name ?? (inputs.namePrefix ? `${inputs.namePrefix}1` : `${name}-1234567`);
  const service = type.split(":")[1]?.split("/")[0];
  const arn = `arn:aws:${service}:eu-west-1:123456789012:${physicalName}`;
  const invocation = `arn:aws:apigateway:eu-west-1:lambda:path/2015-03-31/functions/${arn}/invocations`;
  return {
    name: physicalName,
    bucket: physicalName,
    arn,
    invokeArn: invocation,
    version: "1",
    streamArn: inputs.streamEnabled ? `${arn}/stream/1` : "",
    executionArn: `arn:aws:execute-api:eu-west-1:123456789012:${name}`,
    apiEndpoint: `${inputs.protocolType === "WEBSOCKET" ? "wss" : "https"}://${name}.execute-api.eu-west-1.amazonaws.com`,
    invokeUrl: `https://${name}.execute-api.eu-west-1.amazonaws.com/${inputs.stageName ?? inputs.name?.replace("$default", "")}`,
    functionUrl: `https://${name}.lambda-url.eu-west-1.on.aws/`,
    routeTables: [{ id: `${name}-routes` }],
  };
}

/** The results of lookups: the account, its region, and a VPC whose address range has been extended. */
export const lookedUp = {
  accountId: "123456789012",
  partition: "aws",
  region: "eu-west-1",
  cidrBlockAssociations: [{ cidrBlock: "10.0.0.0/16" }, { cidrBlock: "100.64.0.0/16" }],
};

/**
 * Lets resources in this process be recorded instead of created. Call it before each test.
 * @param others What lookups find instead of {@link lookedUp}
 */
export async function startMocks(others: Partial<typeof lookedUp> = {}): Promise<void> {
  registered.length = 0;
  await pulumi.runtime.setMocks(
    {
      newResource: ({ type, name, inputs }) => {
        const resource = { type, name, inputs };
        registered.push(resource);
        return { id: `${name}-id`, state: { ...computed(resource), ...inputs } };
      },
      call: ({ inputs }) => ({ ...lookedUp, ...others, ...inputs }),
    },
    "project",
    "stack",
    false,
  );
}

/** All registered resources, once registration has finished. Components have their own type tokens. */
export async function resources(): Promise<Registered[]> {
  await pulumi.runtime.disconnect();
  return registered;
}

/** The inputs of the only resource of a type, or of the only one with that name. */
export async function inputsOf(type: string, name?: string): Promise<Registered["inputs"]> {
  const found = (await resources()).filter((one) => one.type === type && (name === undefined || one.name === name));
  const [only] = found;
  if (!only || found.length > 1) throw new Error(`${found.length} resources of ${type} ${name ?? ""}`);
  return only.inputs;
}

/** The value of an output, secrets included. */
export function resolved<T>(output: pulumi.Input<T>): Promise<pulumi.Unwrap<T>> {
  return new Promise((resolve, reject) => {
    pulumi.output(output).apply((value) => resolve(value as pulumi.Unwrap<T>));
    setTimeout(() => reject(new Error("The output has no value")), 5000).unref();
  });
}

/** The mistakes that a component finds in its arguments, as [property path, reason]. */
export function mistakes(create: () => unknown): [path: string, reason: string][] {
  try {
    create();
  } catch (error) {
    if (!pulumi.InputPropertiesError.isInstance(error)) throw error;
    const details = (error as pulumi.InputPropertiesError).errors;
    return details.map(({ propertyPath, reason }) => [propertyPath, reason.slice(propertyPath.length + 2)]);
  }
  return [];
}

/** The mistakes in arguments, without creating a component, for tests of valid arguments. */
export function mistakesIn<Args>(kind: Kind<Args>, args: Args, name = "main"): [path: string, reason: string][] {
  return mistakes(() => checkArguments(kind, name, args, Object));
}
