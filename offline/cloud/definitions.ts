import { batch } from "./batch/operations";
import { emr } from "./emr/operations";
import { emrServerless } from "./emrServerless/operations";
import { lambda } from "./lambda/operations";
import { logs } from "./logs/service";
import { secretsManager } from "./secretsmanager/service";
import { ssm } from "./ssm/service";
import { sts } from "./sts/service";

/** The services whose operations are declared. */
export const definitions = [batch, emr, emrServerless, lambda, logs, secretsManager, ssm, sts];
