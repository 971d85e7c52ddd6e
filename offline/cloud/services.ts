import * as path from "node:path";
import type { JWK } from "jose";
import type { Graph } from "../engine/graph";
import { Gateway } from "./apigateway/gateway";
import type * as connections from "./apigateway/websocket/operations";
import type * as webSockets from "./apigateway/websocket/webSockets";
import type * as batch from "./batch/batch";
import type * as batchOperations from "./batch/operations";
import { ClockService } from "./clock/service";
import { Clock } from "./core/clock";
import { dataFiles } from "./core/dataFolder";
import type { Hosts } from "./core/hosts";
import type { Identities } from "./core/iam/identities";
import { Positions } from "./core/polling/positions";
import { lazyService } from "./core/registry";
import { hasType, isGiven, ownResources } from "./core/resources";
import type { ServedSite, ServedSocket } from "./core/served";
import type { Service } from "./core/service";
import type { EventSource } from "./core/sources";
import type { CodeContext, Publish } from "./core/types";
import { createDynamoDb } from "./dynamodb/service";
import { createEc2 } from "./ec2/service";
import { createEmr } from "./emr/service";
import { createEmrServerless } from "./emrServerless/service";
import type * as eventBuses from "./events/eventBuses";
import type * as eventOperations from "./events/operations";
import { LocalIssuer } from "./issuer/localIssuer";
import { IssuerService } from "./issuer/service";
import { createKinesis } from "./kinesis/service";
import type * as callers from "./lambda/callers";
import { LambdaService } from "./lambda/service";
import type * as balancers from "./loadBalancer/loadBalancers";
import { Logs } from "./logs/logs";
import { logs as logsService } from "./logs/service";
import type * as subscriptions from "./logs/subscriptions";
import { Mappings } from "./mappings/mappings";
import type * as pipeOperations from "./pipes/operations";
import type * as pipes from "./pipes/pipes";
import type * as notifications from "./s3/notifications";
import { S3Service } from "./s3/service";
import type * as schedulerOperations from "./scheduler/operations";
import type * as schedules from "./scheduler/schedules";
import type * as secrets from "./secretsmanager/secrets";
import type * as secretsManager from "./secretsmanager/service";
import type * as sns from "./sns/service";
import type * as topics from "./sns/topics";
import type * as queues from "./sqs/queues";
import type * as sqs from "./sqs/service";
import type * as parameters from "./ssm/parameters";
import type * as ssm from "./ssm/service";
import { sts } from "./sts/service";
import { Unserved } from "./unserved";
import type * as website from "./website/service";

export interface CloudOptions extends CodeContext {
  /** Who may sign requests. */
  identities: Identities;
  hosts: Hosts;
  /** The port of the APIs on 127.0.0.1; 0 picks a free one. */
  port: number;
  /** The folder that keeps stored data. @default memory */
  data?: string;
  /** A file or folder with the items of new tables. @default none */
  seed?: string;
  /** Public keys whose tokens are accepted, too. */
  keys: JWK[];
  /** Where to send the requests of other services, by signing name. */
  endpoints: Record<string, string>;
  docker: boolean;
  inspect: boolean;
}

/** The services, and those of them that have addresses to show. */
export interface Services {
  services: Service[];
  gateway: Gateway;
  functions: LambdaService;
  /** The websites, distributions and load balancers of the program. */
  sites(): ServedSite[];
  /** The WebSocket APIs of the program. */
  sockets(): ServedSocket[];
}

/**
 * The emulated services, in the order in which they take over a graph: tables and buckets come first, as new code may
 * need them, and the APIs and websites last, as they need the functions. They close in reverse: jobs write into buckets.
 */
export function createServices(options: CloudOptions): Services {
  const { data, log, seed, keys } = options;
  const stored = (name: keyof typeof dataFiles) =>
    data === undefined ? undefined : path.resolve(data, dataFiles[name]);
  const buckets = new S3Service(stored("buckets"));
  const streams = createKinesis(stored("streams"));
  const logs = logsService.serve(new Logs());
  const functions = new LambdaService({ ...options, buckets, logs }, stored("invocations"));
  const issuer = new LocalIssuer(stored("issuer"), keys);
  const gateway = new Gateway({ ...options, functions, keys: issuer, usageFile: stored("usage") });
  const clock = new Clock();
  let buses: eventBuses.EventBuses | undefined;
  const publish: Publish = (event) => buses?.publish(event);
  const jobs = { ...options, buckets, logs, publish };
  let websites: website.Websites | undefined;
  let loadBalancers: balancers.LoadBalancers | undefined;
  let sockets: webSockets.WebSockets | undefined;
  let messages: queues.Queues | undefined;
  const tables = createDynamoDb({ log, seed, folder: stored("tables") });
  const polling = {
    ...options,
    functions,
    events: functions.events,
    positions: new Positions(stored("positions"), log),
    sourceOf: (arn: string): EventSource | undefined =>
      tables.sourceOf(arn) ?? streams.sourceOf(arn) ?? messages?.sourceOf(arn),
  };
  const mappings = new Mappings(polling);
  functions.mappings = mappings;
  const services = [
    // Before the functions, which call services with keys of their own.
    sts.serve(options.identities),
    tables.service,
    buckets,
    streams.service,
    functions,
    logs,
    // Before the services that publish: what they begin with a graph has events.
    lazyService(["events"], hasType("aws:cloudwatch/event"), () => {
      const { EventBuses } = require("./events/eventBuses") as typeof eventBuses;
      const { events: service } = require("./events/operations") as typeof eventOperations;
      buses = new EventBuses({ events: functions.events, clock, log });
      return service.serve(buses);
    }),
    lazyService(["batch"], hasType("aws:batch/"), () => {
      const { Batch } = require("./batch/batch") as typeof batch;
      const { batch: service } = require("./batch/operations") as typeof batchOperations;
      return service.serve(new Batch(jobs));
    }),
    createEc2({ log, publish }),
    createEmr(jobs),
    createEmrServerless(jobs),
    lazyService(["secretsmanager"], hasType("aws:secretsmanager/"), () => {
      const { Secrets } = require("./secretsmanager/secrets") as typeof secrets;
      const { secretsManager: service } = require("./secretsmanager/service") as typeof secretsManager;
      return service.serve(new Secrets());
    }),
    lazyService(["sns"], hasType("aws:sns/"), () => {
      const { Topics } = require("./sns/topics") as typeof topics;
      const { sns: service } = require("./sns/service") as typeof sns;
      return service.serve(new Topics({ ...options, events: functions.events }));
    }),
    lazyService(["sqs"], hasType("aws:sqs/"), () => {
      const { Queues } = require("./sqs/queues") as typeof queues;
      const { sqs: service } = require("./sqs/service") as typeof sqs;
      messages = new Queues(stored("queues"));
      return service.serve(messages);
    }),
    lazyService(["ssm"], hasType("aws:ssm/"), () => {
      const { Parameters } = require("./ssm/parameters") as typeof parameters;
      const { ssm: service } = require("./ssm/service") as typeof ssm;
      return service.serve(new Parameters());
    }),
    lazyService(["scheduler"], hasType("aws:scheduler/"), () => {
      const { Schedules } = require("./scheduler/schedules") as typeof schedules;
      const { scheduler: service } = require("./scheduler/operations") as typeof schedulerOperations;
      return service.serve(new Schedules({ clock, events: functions.events, log }));
    }),
    mappings,
    lazyService(["pipes"], hasType("aws:pipes/"), () => {
      const { Pipes } = require("./pipes/pipes") as typeof pipes;
      const { pipes: service } = require("./pipes/operations") as typeof pipeOperations;
      return service.serve(new Pipes(polling));
    }),
    lazyService([], hasType("aws:cloudwatch/logSubscriptionFilter:"), () => {
      const { Subscriptions } = require("./logs/subscriptions") as typeof subscriptions;
      return new Subscriptions({ logs, events: functions.events });
    }),
    lazyService([], hasType("aws:lambda/function:"), () => {
      const { Callers } = require("./lambda/callers") as typeof callers;
      return new Callers();
    }),
    lazyService([], hasType("aws:s3/bucketNotification:"), () => {
      const { Notifications } = require("./s3/notifications") as typeof notifications;
      return new Notifications({ buckets, events: functions.events, publish });
    }),
    gateway,
    // After the gateway, so that connections are closed before the port that they share.
    lazyService(["execute-api"], hasType("aws:apigatewayv2/api:"), () => {
      const { WebSockets } = require("./apigateway/websocket/webSockets") as typeof webSockets;
      const { apiGatewayManagementApi } = require("./apigateway/websocket/operations") as typeof connections;
      sockets = new WebSockets({ ...options, gateway, functions });
      return apiGatewayManagementApi.serve(sockets);
    }),
    lazyService([], hasSites, () => {
      const { Websites } = require("./website/service") as typeof website;
      websites = new Websites({ ...options, buckets, apiAt: (host) => gateway.addressOf(host) });
      return websites;
    }),
    lazyService([], hasLoadBalancers, () => {
      const { LoadBalancers } = require("./loadBalancer/loadBalancers") as typeof balancers;
      loadBalancers = new LoadBalancers({ ...options, functions });
      return loadBalancers;
    }),
    new Unserved(options.endpoints),
    new ClockService(clock),
    new IssuerService({ issuer, endpoint: options.endpoint, accepted: () => gateway.tokens }),
  ];
  const sites = () => [...(websites?.served ?? []), ...(loadBalancers?.served ?? [])];
  return { services, gateway, functions, sites, sockets: () => sockets?.served ?? [] };
}

function hasLoadBalancers(graph: Graph): boolean {
  return hasType("aws:lb/")(graph) || hasType("aws:alb/")(graph);
}

function hasSites(graph: Graph): boolean {
  const types = ["aws:cloudfront/distribution:", "aws:s3/bucketWebsiteConfiguration"];
  const buckets = ["aws:s3/bucket:Bucket", "aws:s3/bucketV2:BucketV2"];
  return (
    types.some((type) => hasType(type)(graph)) ||
    buckets.some((type) => ownResources(graph, type).some(({ settings }) => isGiven(settings.website)))
  );
}
