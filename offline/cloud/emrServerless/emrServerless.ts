import { Platform } from "../spark/platform";
import type { RunnerOptions } from "../spark/runner";
import { Application } from "./application";
import { type ApplicationDefinition, readApplications } from "./model";

/** Amazon EMR Serverless: the program's applications and their job runs. */
export class EmrServerless extends Platform<ApplicationDefinition, Application> {
  constructor(options: RunnerOptions) {
    super(options, "application", readApplications);
  }

  protected open(definition: ApplicationDefinition): Application {
    return new Application(definition, this.runner);
  }
}
