import { batch } from "./batch/operations";
import { emr } from "./emr/operations";
import { emrServerless } from "./emrServerless/operations";
import { logs } from "./logs/service";
import { sts } from "./sts/service";

/** The services whose operations are declared. */
export const definitions = [batch, emr, emrServerless, logs, sts];
