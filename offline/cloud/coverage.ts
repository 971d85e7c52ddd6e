import { modelOf } from "./core/model";
import { definitions } from "./definitions";

/** Which of a service's operations are emulated. */
export interface Coverage {
  /** The service's signing name, as `--endpoint` takes it. */
  service: string;
  /** The names of its models, such as `emr`. */
  models: string[];
  protocol: string;
  /** The names of operations, in alphabetical order. */
  emulated: string[];
  notEmulated: string[];
}

/** The emulated services, in alphabetical order. */
export function coverage(): Coverage[] {
  const all = definitions.map(({ models, signingName, operations }) => {
    const names = models.flatMap((name) => Object.keys(modelOf(name).operations)).sort();
    return {
      service: signingName,
      models,
      protocol: modelOf(models[0] ?? signingName).metadata.protocol,
      emulated: names.filter((name) => Object.hasOwn(operations, name)),
      notEmulated: names.filter((name) => !Object.hasOwn(operations, name)),
    };
  });
  return all.sort((one, other) => (one.service < other.service ? -1 : 1));
}
