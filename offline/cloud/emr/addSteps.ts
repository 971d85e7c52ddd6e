import { asList, asMap, asText, asTexts, type Settings } from "../core/resources";
import type { Input } from "../core/types";
import type { Cluster } from "./cluster";
import { invalid } from "./errors";
import { ACTIONS_ON_FAILURE, type Step, type StepConfig } from "./step";

const MAX_ACTIVE_STEPS = 256;
const MAX_NAME = 256;
/** The limit for all texts of a step together. */
const MAX_CHARACTERS = 10_240;

/**
 * AddJobFlowSteps: adds all of the steps or none.
 * @throws AwsError if the API would refuse the request
 * @see https://docs.aws.amazon.com/emr/latest/APIReference/API_AddJobFlowSteps.html
 */
export function addSteps(cluster: Cluster, input: Input): Step[] {
  const { id } = cluster.definition;
  const steps = asList(input.Steps);
  if (steps.length === 0) throw invalid("Steps is empty: give at least one step");
  if (cluster.ending) {
    throw invalid(
      `A job flow that is shutting down, terminated, or finished may not be modified: ${id} is ${cluster.state}. Restart pulumi-offline to get it back`,
    );
  }
  const executionRoleArn = asText(input.ExecutionRoleArn) || undefined;
  const configs = steps.map((step, position) => ({ ...readStep(step, `Steps[${position}]`), executionRoleArn }));
  for (const { actionOnFailure } of configs) checkAction(cluster, actionOnFailure);
  const active = cluster.steps.filter((step) => step.active).length;
  if (active + configs.length > MAX_ACTIVE_STEPS) {
    throw invalid(
      `Maximum number of active steps(State = 'Running', 'Pending' or 'Cancel_Pending') for cluster exceeded: ${id} has ${active} of ${MAX_ACTIVE_STEPS}. Wait for some to end`,
    );
  }
  return cluster.add(configs);
}

/** The steps that the program gives a new cluster, from the inputs of its resource. */
export function readOwnSteps(settings: Settings): StepConfig[] {
  return asList(settings.steps).map(({ name, actionOnFailure, hadoopJarStep }, position) => {
    const { jar, mainClass, args, properties } = asMap(hadoopJarStep);
    const pairs = Object.entries(asMap(properties)).map(([Key, Value]) => ({ Key, Value }));
    const HadoopJarStep = { Jar: jar, MainClass: mainClass, Args: args, Properties: pairs };
    return readStep({ Name: name, ActionOnFailure: actionOnFailure, HadoopJarStep }, `steps[${position}]`);
  });
}

function readStep({ Name, ActionOnFailure, HadoopJarStep }: Input, where: string): StepConfig {
  const name = asText(Name) ?? "";
  if (name === "" || name.length > MAX_NAME) {
    throw invalid(`${where}.Name has ${name.length} characters, but must have from 1 to ${MAX_NAME}`);
  }
  const action = ActionOnFailure ?? "CONTINUE";
  const actionOnFailure = ACTIONS_ON_FAILURE.find((one) => one === action);
  if (!actionOnFailure) {
    throw invalid(`${where}.ActionOnFailure is "${action}", but must be one of ${ACTIONS_ON_FAILURE.join(", ")}`);
  }
  const { Jar, MainClass, Args, Properties } = asMap(HadoopJarStep);
  const jar = asText(Jar) ?? "";
  if (jar === "") {
    throw invalid(`${where}.HadoopJarStep.Jar is missing: give command-runner.jar, or a jar in S3 or on the cluster`);
  }
  const mainClass = asText(MainClass) || undefined;
  const args = asTexts(Args);
  const properties = Object.fromEntries(asList(Properties).map(({ Key, Value }) => [String(Key), asText(Value) ?? ""]));
  const size = [jar, mainClass ?? "", ...args, ...Object.entries(properties).flat()].join("").length;
  if (size > MAX_CHARACTERS) {
    throw invalid(
      `${where}.HadoopJarStep has ${size} characters, but at most ${MAX_CHARACTERS} are allowed: put them into S3`,
    );
  }
  return { name, actionOnFailure, jar, mainClass, args, properties };
}

function checkAction({ definition }: Cluster, action: StepConfig["actionOnFailure"]): void {
  const { id, stepConcurrency } = definition;
  if (stepConcurrency === 1 || action === "CONTINUE") return;
  throw invalid(
    `ActionOnFailure ${action} is not valid: ${id} runs ${stepConcurrency} steps at a time. Use CONTINUE, or set stepConcurrencyLevel to 1`,
  );
}
