import type { Service } from "../core/service";
import type { AwsEvent } from "../core/types";

/** The program's event buses. */
export class EventBuses implements Service {
  reconcile() {
    return [];
  }

  /** Puts an event of a service on the default bus. */
  publish(_event: AwsEvent): void {}
}
