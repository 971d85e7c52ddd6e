import { asList, asMap, asStrings, asText, asTexts, type Settings } from "../core/resources";
import type { Cluster } from "./cluster";
import { invalid } from "./errors";
import type { Step, StepConfig } from "./step";

export type AddStepsInput = {
  Steps: {
    Name: string;
    /** @default "CONTINUE" */
    ActionOnFailure?: string;
    HadoopJarStep: {
      Jar: string;
      MainClass?: string;
      Args?: string[];
      Properties?: { Key?: string; Value?: string }[];
    };
  }[];
  ExecutionRoleArn?: string;
};

const MAX_ACTIVE_STEPS = 256;
/** The limit for all texts of a step together. */
const MAX_CHARACTERS = 10_240;

/**
 * AddJobFlowSteps: adds all of the steps or none.
 * @throws AwsError if the API would refuse the request
 * @see https://docs.aws.amazon.com/emr/latest/APIReference/API_AddJobFlowSteps.html
 */
export function addSteps(cluster: Cluster, { Steps, ExecutionRoleArn: executionRoleArn }: AddStepsInput): Step[] {
  const { id } = cluster.definition;
  if (Steps.length === 0) throw invalid("Steps is empty: give at least one step");
  if (cluster.ending) {
    throw invalid(
      `A job flow that is shutting down, terminated, or finished may not be modified: ${id} is ${cluster.state}. Restart pulumi-offline to get it back`,
    );
  }
  const configs = Steps.map(
    ({ Name: name, ActionOnFailure: actionOnFailure = "CONTINUE", HadoopJarStep }, position) => {
      const { Jar: jar, MainClass: mainClass, Args: args = [], Properties = [] } = HadoopJarStep;
      const properties = Object.fromEntries(Properties.map(({ Key = "", Value = "" }) => [Key, Value]));
      return checked(
        { name, actionOnFailure, jar, mainClass, args, properties, executionRoleArn },
        `Steps[${position}]`,
      );
    },
  );
  for (const { actionOnFailure } of configs) checkAction(cluster, actionOnFailure);
  const active = cluster.steps.filter((step) => step.active).length;
  if (active + configs.length > MAX_ACTIVE_STEPS) {
    throw invalid(
      `Maximum number of active steps(State = 'Running', 'Pending' or 'Cancel_Pending') for cluster exceeded: ${id} has ${active} of ${MAX_ACTIVE_STEPS}. Wait for some to end`,
    );
  }
  return cluster.add(configs);
}

/**
 * The steps that the program gives a new cluster, from the inputs of its resource.
 * @throws AwsError if the API would refuse one of them
 */
export function readOwnSteps(settings: Settings): StepConfig[] {
  return asList(settings.steps).map(({ name, actionOnFailure, hadoopJarStep }, position) => {
    const { jar, mainClass, args, properties } = asMap(hadoopJarStep);
    const config = {
      name: asText(name) ?? "",
      actionOnFailure: asText(actionOnFailure) ?? "CONTINUE",
      jar: asText(jar) ?? "",
      mainClass: asText(mainClass),
      args: asTexts(args),
      properties: asStrings(properties),
    };
    return checked(config, `steps[${position}]`);
  });
}

function checked(config: StepConfig, where: string): StepConfig {
  const { name, jar, mainClass = "", args, properties } = config;
  if (name === "") throw invalid(`${where} has an empty name: give it one`);
  if (jar === "") throw invalid(`${where} has no jar: give command-runner.jar, or a jar in S3 or on the cluster`);
  const size = [jar, mainClass, ...args, ...Object.entries(properties).flat()].join("").length;
  if (size <= MAX_CHARACTERS) return config;
  throw invalid(
    `${where} has ${size} characters in its jar, main class, arguments and properties, but at most ${MAX_CHARACTERS} are allowed: put them into S3`,
  );
}

function checkAction({ definition }: Cluster, action: string): void {
  const { id, stepConcurrency } = definition;
  if (stepConcurrency === 1 || action === "CONTINUE") return;
  throw invalid(
    `ActionOnFailure ${action} is not valid: ${id} runs ${stepConcurrency} steps at a time. Use CONTINUE, or set stepConcurrencyLevel to 1`,
  );
}
