import type * as cloudwatch from "@pulumi/aws/cloudwatch";
import * as iam from "@pulumi/aws/iam";
import * as lambda from "@pulumi/aws/lambda";
import type * as sqs from "@pulumi/aws/sqs";
import * as pulumi from "@pulumi/pulumi";
import {
  allStatements,
  allVariables,
  type FunctionAccess,
  policyDocument,
  type Statement,
  trustPolicy,
  whenKnown,
} from "../access";
import { createLogGroup } from "../observability/logGroup";
import { ComponentResource, onceReady } from "../resource";
import { type FunctionAccessLevel, type FunctionAccessOptions, invokeAccess } from "./access";
import { createAlarms } from "./alarms";
import type { AliasArgs, LambdaFunctionArgs } from "./args";
import { Architecture, LogLevel } from "./args";
import { capacityConfig, limitEnvironments } from "./capacity";
import { checkFunction } from "./checks";
import { bundledCode, checkedLayer } from "./code";
import { destinationStatement } from "./events/destination";
import { FunctionEvents } from "./events/functionEvents";
import { Tenancy } from "./modeArgs";
import { chosen } from "./modeChecks";
import * as statements from "./policy";
import { defaultTimeout } from "./rules/limits";
import { createUrl } from "./url";

/**
 * A Lambda function on Graviton, with a role that allows what it needs and no more, its own log group with a retention
 * period, JSON logs and tracing.
 */
export class LambdaFunction extends ComponentResource<LambdaFunctionArgs, LambdaFunction> {
  /** The function's name. */
  declare readonly functionName: pulumi.Output<string>;
  /** The ARN to call: the alias's if there is one, otherwise the function's. */
  declare readonly functionArn: pulumi.Output<string>;
  /** The ARN that API Gateway calls: the alias's if there is one, otherwise the function's. */
  declare readonly invokeArn: pulumi.Output<string>;
  /** The alias's name; undefined without one. */
  declare readonly qualifier: pulumi.Output<string | undefined>;
  /** The function's own HTTPS address; undefined without one. */
  declare readonly url: pulumi.Output<string | undefined>;
  /** The function itself. */
  declare readonly function: lambda.Function;
  /** The role that it runs as. */
  declare readonly role: iam.Role;
  /** Its logs. */
  declare readonly logGroup: cloudwatch.LogGroup;
  /** Keeps events that were not delivered to it or that it finally failed on; undefined if it has no such events. */
  declare readonly deadLetterQueue?: sqs.Queue;
  /** What `access("invoke")` returns, for other languages. */
  declare readonly invokeAccess: FunctionAccess;

  /** @throws pulumi.InputPropertiesError with every mistake in the arguments, before anything is registered */
  constructor(name: string, args: LambdaFunctionArgs, opts?: pulumi.ComponentResourceOptions) {
    const outputs = ["functionName", "functionArn", "invokeArn", "qualifier", "url"] as const;
    super({ type: "LambdaFunction", rules: checkFunction, outputs }, name, args, opts);
  }

  protected create(name: string, given: LambdaFunctionArgs): void {
    const events = new FunctionEvents(name, given, { parent: this }, this.guarded());
    const { deadLetters } = events;
    const kept = events.keepsFailures && deadLetters ? { destinationArn: deadLetters.arn } : undefined;
    const args = { ...given, onFailure: given.onFailure ?? kept };
    this.set({ logGroup: createLogGroup(name, "lambda", args, { parent: this }), role: this.createRole(name, args) });
    const policy = this.createPolicy(name, args, events);
    this.set({ function: this.createFunction(name, args, policy) });
    const aliasArgs = aliasOf(args);
    const alias = aliasArgs && this.createAlias(name, aliasArgs);
    this.set({ functionName: this.function.name, qualifier: pulumi.output(alias?.name) });
    // Callers switch to another function or alias only when it is as warm and as safe as the one they leave.
    const provisioned = alias ? this.provisionConcurrency(name, alias, args) : [];
    const ready = [
      ...provisioned,
      ...this.scaleEnvironments(name, args),
      ...this.permitCheckpoints(name, args),
      ...this.createOnFailure(name, args),
    ];
    const { arn, invokeArn } = alias ?? this.function;
    this.set({ functionArn: onceReady(arn, ready), invokeArn: onceReady(invokeArn, ready) });
    const { functionName, functionArn, qualifier } = this;
    const url = args.url && createUrl(name, args.url, { functionName, qualifier }, { parent: this });
    this.set({ url: pulumi.output(url), deadLetterQueue: deadLetters, invokeAccess: this.access("invoke") });
    const { timeout } = this.function;
    events.connect({ functionName, functionArn, qualifier, timeout }, [policy]);
    createAlarms(name, { functionName, timeout }, args, { parent: this });
  }

  /** What another function or job needs to call this one, or the role of a state machine whose task it is. */
  access(_level: FunctionAccessLevel, options: FunctionAccessOptions = {}): FunctionAccess {
    return invokeAccess(this.functionArn, options);
  }

  private createRole(name: string, { permissionsBoundary, tags }: LambdaFunctionArgs): iam.Role {
    const assumeRolePolicy = trustPolicy("lambda.amazonaws.com");
    return new iam.Role(name, { assumeRolePolicy, permissionsBoundary, tags }, { parent: this });
  }

  private createPolicy(name: string, args: LambdaFunctionArgs, events: FunctionEvents): iam.RolePolicy {
    const { tracing = true, vpc, fileSystem, onFailure, access = [] } = args;
    const own = [
      statements.logStatement(this.logGroup.arn),
      ...(tracing ? [statements.tracingStatement] : []),
      ...(vpc ? [statements.networkStatement] : []),
    ];
    const mounted = fileSystem ? listed(statements.fileSystemStatement(fileSystem)) : [];
    const sent = onFailure ? listed(destinationStatement(onFailure.destinationArn)) : [];
    const parts = [
      { statements: own },
      { statements: mounted },
      ...access,
      ...events.statements(),
      { statements: sent },
    ];
    const policy = policyDocument(allStatements(parts));
    return new iam.RolePolicy(name, { role: this.role.name, policy }, { parent: this });
  }

  private createFunction(name: string, args: LambdaFunctionArgs, policy: iam.RolePolicy): lambda.Function {
    const { vpc, fileSystem, access = [], architecture = Architecture.Arm64 } = args;
    const isManaged = chosen(args, "capacity") !== undefined;
    const variables = whenKnown(allVariables([...access, { environment: args.environment ?? {} }]), (known) =>
      args.bundle?.sourceMap ? { ...known, NODE_OPTIONS: withSourceMaps(known.NODE_OPTIONS) } : known,
    );
    return new lambda.Function(
      name,
      {
        description: args.description,
        runtime: args.runtime ?? "nodejs24.x",
        memorySize: args.memorySize ?? (isManaged ? 2048 : 512),
        timeout: args.timeout ?? defaultTimeout,
        ephemeralStorage: { size: args.ephemeralStorage ?? 512 },
        tracingConfig: { mode: (args.tracing ?? true) ? "Active" : "PassThrough" },
        reservedConcurrentExecutions: args.reservedConcurrency,
        kmsKeyArn: args.kmsKeyArn,
        tags: args.tags,
        codeSigningConfigArn: args.codeSigning,
        durableConfig: args.durable,
        tenancyConfig: args.tenancy === Tenancy.PerTenant ? { tenantIsolationMode: args.tenancy } : undefined,
        capacityProviderConfig: args.capacity && capacityConfig(name, args.capacity, args, { parent: this }),
        publishTo: publishesLatest(args) ? "LATEST_PUBLISHED" : undefined,
        ...args.functionArgs,
        architectures: [architecture],
        code: args.code ?? bundledCode(args, architecture),
        handler: args.handler ?? "index.handler",
        role: this.role.arn,
        environment: { variables },
        loggingConfig: {
          logGroup: this.logGroup.name,
          logFormat: "JSON",
          applicationLogLevel: args.logLevel ?? LogLevel.Info,
          systemLogLevel: "INFO",
        },
        layers: args.layers?.map((layer, index) => checkedLayer(name, layer, index, architecture)),
        vpcConfig: vpc,
        fileSystemConfig: fileSystem && { arn: fileSystem.accessPointArn, localMountPath: fileSystem.mountPath },
        publish: publishes(args),
      },
      // Lambda checks at creation that the role allows what the function's network needs. It cannot move a function to
      // managed instances or away from them.
      { ...this.guarded(), dependsOn: policy, replacementTrigger: isManaged ? "instances" : "default" },
    );
  }

  private createAlias(name: string, { name: aliasName = "live", routing }: AliasArgs): lambda.Alias {
    const { name: functionName, version: functionVersion } = this.function;
    const routingConfig = routing && { additionalVersionWeights: routing };
    const aliasArgs = { name: aliasName, functionName, functionVersion, routingConfig };
    return new lambda.Alias(name, aliasArgs, { parent: this });
  }

  private provisionConcurrency(name: string, alias: lambda.Alias, args: LambdaFunctionArgs): pulumi.Resource[] {
    const provisionedConcurrentExecutions = args.alias?.provisionedConcurrency;
    if (provisionedConcurrentExecutions === undefined) return [];
    const { functionName } = this;
    const provisioned = { functionName, qualifier: alias.name, provisionedConcurrentExecutions };
    return [new lambda.ProvisionedConcurrencyConfig(name, provisioned, { parent: this })];
  }

  /** On the version that callers reach: the alias's, or the one that a call without a qualifier gets. */
  private scaleEnvironments(name: string, args: LambdaFunctionArgs): pulumi.Resource[] {
    if (!args.capacity) return [];
    const { functionName, function: lambdaFunction } = this;
    const qualifier = publishesLatest(args) ? "$LATEST.PUBLISHED" : lambdaFunction.version;
    return limitEnvironments(name, args.capacity, { functionName, qualifier }, { parent: this });
  }

  /** A policy of its own, as it names the function, which comes after the role. */
  private permitCheckpoints(name: string, args: LambdaFunctionArgs): pulumi.Resource[] {
    if (chosen(args, "durable") === undefined) return [];
    const policy = policyDocument([statements.durableStatement(this.function.arn)]);
    return [new iam.RolePolicy(`${name}-durable`, { role: this.role.name, policy }, { parent: this })];
  }

  private createOnFailure(name: string, { onFailure }: LambdaFunctionArgs): pulumi.Resource[] {
    if (!onFailure) return [];
    const config = new lambda.FunctionEventInvokeConfig(
      name,
      {
        functionName: this.functionName,
        qualifier: this.qualifier,
        destinationConfig: { onFailure: { destination: onFailure.destinationArn } },
        maximumRetryAttempts: onFailure.retries ?? 2,
        maximumEventAgeInSeconds: onFailure.maximumAge ?? 3600,
      },
      { parent: this },
    );
    return [config];
  }
}

/** Lambda refuses calls of a durable function without a qualifier, so such a function always has an alias. */
function aliasOf({ alias, durable }: LambdaFunctionArgs): AliasArgs | undefined {
  return alias ?? (durable && {});
}

/** Instances only run published versions. */
function publishes(args: LambdaFunctionArgs): boolean {
  return aliasOf(args) !== undefined || chosen(args, "capacity") !== undefined;
}

/** Whether each change is published as the version that calls without a qualifier get, instead of under a number. */
function publishesLatest(args: LambdaFunctionArgs): boolean {
  return publishes(args) && aliasOf(args) === undefined;
}

function listed(statement: pulumi.Input<Statement>): pulumi.Input<Statement[]> {
  return whenKnown(statement, (known) => [known]);
}

function withSourceMaps(flags: pulumi.Input<string> = ""): pulumi.Output<string> {
  return pulumi.output(flags).apply((given) => `--enable-source-maps ${given}`.trim());
}
