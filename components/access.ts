import * as pulumi from "@pulumi/pulumi";
import { isLater } from "./schema/check";

/** A statement of an IAM policy. */
export interface Statement {
  /** IAM actions, such as `dynamodb:GetItem`. */
  actions: string[];
  /** ARNs that the actions are allowed on. */
  resources: pulumi.Input<string>[];
  /** Conditions: operator → key → value, such as `{ StringEquals: { "aws:SourceAccount": "123456789012" } }`. */
  conditions?: Record<string, Record<string, pulumi.Input<string>>>;
}

/**
 * Everything a function needs to use a resource: a component's `access()` returns it, and `LambdaFunction` accepts it.
 */
export interface FunctionAccess {
  /** Environment variables that identify the resource. */
  environment: Record<string, pulumi.Input<string>>;
  /** The least privileges that the function's role needs. */
  statements: Statement[];
}

/**
 * What a function or job uses: the result of a component's `access()`, which is also an output, such as an ItemsTable's
 * `crudAccess`, for programs in other languages; or variables and statements of your own.
 */
export interface AccessArgs {
  /** Environment variables. */
  environment: pulumi.Input<Record<string, pulumi.Input<string>>>;
  /** What the role allows. */
  statements: pulumi.Input<Statement[]>;
}

/** The part that is known when the program runs. */
export function knownAccess(access: pulumi.Input<AccessArgs>): FunctionAccess {
  const { environment = {}, statements = [] } = isKnown(access) ? access : {};
  return { environment: isKnown(environment) ? environment : {}, statements: isKnown(statements) ? statements : [] };
}

/** All statements, in order. */
export function allStatements(parts: pulumi.Input<Pick<AccessArgs, "statements">>[]): pulumi.Input<Statement[]> {
  const lists = parts.map((one) => (isKnown(one) ? one.statements : pulumi.output(one).statements));
  return together<Statement[], Statement[]>(lists, (known) => known.flat());
}

type Variables = Record<string, pulumi.Input<string>>;

/** All environment variables. Two of the same name are a mistake in the arguments, or of the output if known later. */
export function allVariables(parts: pulumi.Input<Pick<AccessArgs, "environment">>[]): pulumi.Input<Variables> {
  const sources = parts.map((one) => (isKnown(one) ? one.environment : pulumi.output(one).environment));
  return together<Variables, Variables>(sources, (known) => {
    const names = known.flatMap((variables) => Object.keys(variables));
    const twice = names.find((name, index) => names.indexOf(name) !== index);
    if (twice === undefined) return Object.assign({}, ...known);
    const instead = "in one of them, write `environment` with a name of your own, beside its `statements`";
    throw new pulumi.RunError(`access: several give ${twice}; ${instead}`);
  });
}

/** At once if all are known, so that policies and previews see what is known of their parts; otherwise later. */
function together<Part, Whole>(parts: pulumi.Input<Part>[], combine: (parts: Part[]) => Whole): pulumi.Input<Whole> {
  if (parts.every(isKnown)) return combine(parts);
  return pulumi.all(parts).apply((known) => {
    if (!known.includes(undefined as never)) return combine(known as Part[]);
    throw new pulumi.RunError("access: one is an output without `environment` or `statements`; leave it out");
  });
}

/** Uses a value at once if it is known, otherwise later. */
export function whenKnown<T, Used>(input: pulumi.Input<T>, use: (value: T) => Used): pulumi.Input<Used> {
  if (isKnown(input)) return use(input);
  return pulumi.output(input).apply((value) => pulumi.output(use(value as T))) as pulumi.Output<Used>;
}

function isKnown<T>(input: pulumi.Input<T>): input is T {
  return !isLater(input);
}

/**
 * An ARN's parts: `arn`, the partition, the service, the region, the account and the resource. All but the
 * first are missing if the ARN is undefined, as computed values often are in a program's own unit tests.
 */
export function arnParts(arn: pulumi.Input<string>): pulumi.Output<string[]> {
  return pulumi.output(arn).apply((text = "") => text.split(":"));
}

const dnsSuffixes: Record<string, string> = { "aws-cn": "amazonaws.com.cn", "aws-eusc": "amazonaws.eu" };

/**
 * A service in the region of an ARN, as the condition key `kms:ViaService` names it: `s3.eu-west-1.amazonaws.com`.
 * @see https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html#conditions-kms-via-service
 */
export function serviceAt(service: string, arn: pulumi.Input<string>): pulumi.Output<string> {
  return arnParts(arn).apply(([, partition = "aws", , region]) => {
    return `${service}.${region}.${dnsSuffixes[partition] ?? "amazonaws.com"}`;
  });
}

/**
 * The principal of a service whose name in China ends as host names do there; most services have the same everywhere,
 * also in the European Sovereign Cloud, where IAM refuses others.
 * @see https://github.com/hashicorp/terraform-provider-aws, `aws_service_principal`
 */
export function principalIn(partition: pulumi.Input<string>, name: pulumi.Input<string>): pulumi.Output<string> {
  return pulumi.interpolate`${name}.${pulumi.output(partition).apply((known) => {
    return known === "aws-cn" ? "amazonaws.com.cn" : "amazonaws.com";
  })}`;
}

/** The statements as an IAM policy document, in JSON. */
export function policyDocument(statements: pulumi.Input<Statement[]>): pulumi.Output<string> {
  if (!isKnown(statements)) return pulumi.output(statements).apply(policyDocument);
  return policyOf(
    statements.map(({ actions, resources, conditions }) => ({
      Effect: "Allow",
      Action: actions,
      Resource: resources,
      Condition: conditions,
    })),
  );
}

/** Statements in IAM's own syntax as a policy document, in JSON. */
export function policyOf(statements: object[]): pulumi.Output<string> {
  return pulumi.jsonStringify({ Version: "2012-10-17", Statement: statements });
}

/**
 * A statement of the policy of a role, queue or topic: what a service may do on behalf of one resource, and of no other.
 * @see IAM User Guide, "The confused deputy problem"
 */
export function serviceMay(
  service: string,
  sourceArn: pulumi.Input<string>,
  allowed: Record<string, pulumi.Input<string>>,
): object {
  const Condition = { ArnEquals: { "aws:SourceArn": sourceArn } };
  return { Effect: "Allow", Principal: { Service: service }, ...allowed, Condition };
}

/**
 * A role's trust in one AWS service.
 * @param conditions on whose behalf the service may act: operator → key → value. @default anybody's
 */
export function trustPolicy(service: pulumi.Input<string>, conditions?: object): pulumi.Output<string> {
  const statement = { Effect: "Allow", Action: "sts:AssumeRole", Principal: { Service: service } };
  return policyOf([{ ...statement, Condition: conditions }]);
}
