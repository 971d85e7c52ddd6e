import { batch } from "./batch/operations";
import { dynamodb } from "./dynamodb/operations";
import { emr } from "./emr/operations";
import { emrServerless } from "./emrServerless/operations";
import { kinesis } from "./kinesis/operations";
import { lambda } from "./lambda/operations";
import { logs } from "./logs/service";
import { s3 } from "./s3/operations";
import { secretsManager } from "./secretsmanager/service";
import { sqs } from "./sqs/service";
import { ssm } from "./ssm/service";
import { sts } from "./sts/service";

/** The services whose operations are declared. */
export const definitions = [
  batch,
  dynamodb,
  emr,
  emrServerless,
  kinesis,
  lambda,
  logs,
  s3,
  secretsManager,
  sqs,
  ssm,
  sts,
];
