import type * as dispatch from "../core/dispatch";
import type { Call, Service } from "../core/service";
import { Lambda } from "./lambda";
import type * as operations from "./operations";

/** AWS Lambda. Its operations and their model are loaded with the first request. */
export class LambdaService extends Lambda implements Service {
  readonly signingNames = ["lambda"];

  handle(call: Call): Promise<void> {
    const { lambda } = require("./operations") as typeof operations;
    const { answer } = require("../core/dispatch") as typeof dispatch;
    return answer(lambda, this, call);
  }
}
