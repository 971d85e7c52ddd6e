import type { Graph } from "../../engine/graph";
import { changed, compare, missing } from "../core/changes";
import type { Events } from "../core/events";
import type { Change, CodeContext } from "../core/types";
import { notFound } from "./errors";
import { type Declared, declaredTopics } from "./program";
import { declaredSubscription, problemOf } from "./subscription";
import { makeTopic, type Subscription, type Topic } from "./topic";

export interface TopicsOptions extends CodeContext {
  events: Events;
}

/** The program's topics and subscriptions, and those that callers made. */
export class Topics {
  readonly topics = new Map<string, Topic>();
  readonly subscriptions = new Map<string, Subscription>();
  readonly closed = new AbortController();
  region = "";
  private declared: Declared = { topics: [], subscriptions: [] };

  constructor(readonly options: TopicsOptions) {}

  get problems(): string[] {
    return [...this.subscriptions.values()].flatMap((one) => problemOf(one) ?? []);
  }

  /** What callers made or set stays, unless the program changes the same topic or subscription. */
  reconcile(graph: Graph): Change[] {
    this.region = graph.region;
    const next = declaredTopics(graph);
    const { topics, subscriptions } = this.declared;
    for (const { arn } of missing(topics, next.topics)) this.deleteTopic(arn);
    for (const { arn } of missing(subscriptions, next.subscriptions)) this.subscriptions.delete(arn);
    for (const topic of changed(topics, next.topics)) {
      const { known, published } = this.topics.get(topic.arn) ?? {};
      this.topics.set(topic.arn, { ...makeTopic(topic.arn, topic), ...(known && { known, published }) });
    }
    for (const one of changed(subscriptions, next.subscriptions)) {
      this.subscriptions.set(one.arn, declaredSubscription(one, one.topicArn.endsWith(".fifo")));
    }
    this.declared = next;
    return [...compare("topic", topics, next.topics), ...compare("subscription", subscriptions, next.subscriptions)];
  }

  /** @throws AwsError if there is none */
  find(arn: string): Topic {
    const topic = this.topics.get(arn);
    if (!topic) throw notFound("Topic");
    return topic;
  }

  /** @throws AwsError if there is none */
  findSubscription(arn: string): Subscription {
    const subscription = this.subscriptions.get(arn);
    if (!subscription) throw notFound("Subscription");
    return subscription;
  }

  subscriptionsOf(topicArn: string): Subscription[] {
    return [...this.subscriptions.values()].filter((one) => one.topicArn === topicArn);
  }

  deleteTopic(arn: string): void {
    this.topics.delete(arn);
    for (const one of this.subscriptionsOf(arn)) this.subscriptions.delete(one.arn);
  }

  close(): void {
    this.closed.abort();
  }
}
