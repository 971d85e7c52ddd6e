import { ApiStage } from "./api";
import type { ApiModel, StageModel } from "./definition/model";
import type { Arrival, Served, Stage, Surroundings } from "./stage";
import { throttlesOf } from "./throttle";

/** A stage of a REST API, with its canary. */
export function compileStage(api: ApiModel, stage: StageModel, surroundings: Surroundings): Stage {
  const throttleOf = throttlesOf(stage.methodSettings);
  if (!stage.canary) return new ApiStage(api, stage, surroundings, throttleOf);
  const { percent, ...differing } = stage.canary;
  const own = new ApiStage(api, { ...stage, isCanary: false }, surroundings, throttleOf);
  const canary = new ApiStage(api, { ...stage, ...differing, isCanary: true }, surroundings, throttleOf);
  return new CanaryStage(own, canary, percent);
}

/** A stage of which a canary gets a part of the requests. */
class CanaryStage implements Stage {
  /** @param percent of the requests that the canary gets */
  constructor(
    private readonly stage: Stage,
    private readonly canary: Stage,
    private readonly percent: number,
  ) {}

  get path(): string {
    return this.stage.path;
  }

  get routes(): Stage["routes"] {
    return this.stage.routes;
  }

  /** Those of the canary too, as its variables can make its routes differ. */
  get problems(): string[] {
    const ofCanary = this.canary.routes.flatMap(({ method, path, problem }, index) => {
      const isNew = problem !== undefined && problem !== this.stage.routes[index]?.problem;
      return isNew ? [`${method} ${path} answers 501 in the canary: ${problem}`] : [];
    });
    return [...this.stage.problems, ...ofCanary];
  }

  serve(arrival: Arrival): Promise<Served> {
    return (Math.random() * 100 < this.percent ? this.canary : this.stage).serve(arrival);
  }

  forget(): void {
    this.stage.forget?.();
    this.canary.forget?.();
  }
}
