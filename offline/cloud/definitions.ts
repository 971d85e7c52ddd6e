import { apiGatewayManagementApi } from "./apigateway/websocket/operations";
import { batch } from "./batch/operations";
import { dynamodb } from "./dynamodb/operations";
import { ec2 } from "./ec2/operations";
import { emr } from "./emr/operations";
import { emrServerless } from "./emrServerless/operations";
import { events } from "./events/operations";
import { kinesis } from "./kinesis/operations";
import { lambda } from "./lambda/operations";
import { logs } from "./logs/service";
import { pipes } from "./pipes/operations";
import { s3 } from "./s3/operations";
import { scheduler } from "./scheduler/operations";
import { secretsManager } from "./secretsmanager/service";
import { sns } from "./sns/service";
import { sqs } from "./sqs/service";
import { ssm } from "./ssm/service";
import { sts } from "./sts/service";

/** The services whose operations are declared. */
export const definitions = [
  apiGatewayManagementApi,
  batch,
  dynamodb,
  ec2,
  emr,
  emrServerless,
  events,
  kinesis,
  lambda,
  logs,
  pipes,
  s3,
  scheduler,
  secretsManager,
  sns,
  sqs,
  ssm,
  sts,
];
