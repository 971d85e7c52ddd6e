import { randomUUID } from "node:crypto";
import { setTimeout } from "node:timers/promises";
import { entityTag, includesRevision, newRevision, strongRevisions, weakRevisions } from "../http/entityTags";
import { type JsonObject, type Mistake, mergePatch, unstorable } from "../http/json";
import { Problem, tryAgain } from "../http/problem";
import { rejectMistakes } from "../http/request";
import type { Operation, Reply, Request } from "../http/restApi";
import { mistakesIn } from "../http/schema";
import type { Idempotency } from "../state/idempotency";
import type { PageTokens } from "../state/pageTokens";
import type { ItemOperation } from "./routes";
import { type Item, type ItemContent, type ItemInput, itemFrom, itemInputSchema } from "./schema";
import type { ItemStore, Position, StoredItem } from "./store";

interface OneItem {
  id: string;
  "If-Match"?: string;
}

/** The random and time-dependent parts of a new item. */
interface Creation {
  id: string;
  createdAt: string;
  revision: string;
}

/** How often a patch is tried on an item that others keep changing: enough for about fifty at once. */
const patchAttempts = 9;

/**
 * Milliseconds, doubled with each attempt: the next begins at a random moment within that time, so that they spread.
 */
const patchDelay = 5;

export interface ItemServices {
  items: ItemStore;
  pageTokens: PageTokens;
  idempotency: Idempotency;
}

/** What the API does with items, one function per route. */
export function itemOperations({ items, pageTokens, idempotency }: ItemServices): Record<ItemOperation, Operation> {
  async function listItems({ parameters }: Request<{ limit: number; nextToken?: string }>): Promise<Reply> {
    const { nextToken, ...rest } = parameters;
    const query = { operation: "listItems", ...rest };
    const after = await pageTokens.open(nextToken, query);
    const page = await items.list(parameters.limit, after as Position | undefined);
    const next = page.last && { nextToken: await pageTokens.seal(page.last, query) };
    return { status: 200, body: { items: page.items, ...next } };
  }

  async function createItem(request: Request<{ "Idempotency-Key"?: string }, ItemInput>): Promise<Reply> {
    const { body, path, parameters } = request;
    const create = async (creation: Creation) => {
      const { written } = await items.create(newItem(body, creation), creation.revision);
      if (!written) throw new Problem("conflict", `Item ${creation.id} already exists.`);
      return creation;
    };
    const made = await idempotency.once(parameters["Idempotency-Key"], request, newCreation(body.id), create);
    const reply = createdReply(body, made.result, `${path}/${made.result.id}`);
    return made.replayed ? { ...reply, headers: { ...reply.headers, "Idempotent-Replayed": "true" } } : reply;
  }

  async function readItem({ parameters }: Request<OneItem & { "If-None-Match"?: string }>): Promise<Reply> {
    const { id, "If-Match": ifMatch, "If-None-Match": ifNoneMatch } = parameters;
    const stored = demanded(id, await items.read(id), ifMatch);
    const known = ifNoneMatch !== undefined && includesRevision(weakRevisions(ifNoneMatch), stored.revision);
    return known ? { status: 304, headers: { ETag: entityTag(stored.revision) } } : itemReply(stored);
  }

  async function replaceItem(request: Request<OneItem & { "If-None-Match"?: string }, ItemInput>): Promise<Reply> {
    const { body, path, parameters } = request;
    const { id, "If-Match": ifMatch, "If-None-Match": ifNoneMatch } = parameters;
    if (ifMatch !== undefined && ifNoneMatch !== undefined) {
      throw new Problem("precondition-failed", "If-Match requires an item that If-None-Match forbids.");
    }
    rejectMistakes(otherId(body.id, id));
    if (ifNoneMatch !== undefined) return createOnly(id, body, path);
    const outcome = await items.replace(id, body, newRevision(), strongRevisions(ifMatch));
    if (!outcome.written) throw refused(id, outcome.current);
    return itemReply(outcome.current);
  }

  async function createOnly(id: string, body: ItemInput, path: string): Promise<Reply> {
    const creation = newCreation(id);
    const { written } = await items.create(newItem(body, creation), creation.revision);
    if (!written) throw new Problem("precondition-failed", `Item ${id} already exists.`);
    return createdReply(body, creation, path);
  }

  async function patchItem({ body, parameters }: Request<OneItem, JsonObject>): Promise<Reply> {
    const { id, "If-Match": ifMatch } = parameters;
    for (let attempt = 0; attempt < patchAttempts; attempt++) {
      if (attempt > 0) await setTimeout(Math.random() * 2 ** attempt * patchDelay);
      const stored = demanded(id, await items.read(id), ifMatch);
      const patched = mergePatch(stored.item, body);
      const mistakes = [...unstorable(patched), ...mistakesIn(patched, itemInputSchema), ...otherId(body.id, id)];
      rejectMistakes(mistakes);
      const outcome = await items.replace(id, patched as unknown as ItemContent, newRevision(), [stored.revision]);
      if (outcome.written) return itemReply(outcome.current);
    }
    throw new Problem("conflict", `Others keep changing item ${id}; try again.`, tryAgain);
  }

  async function deleteItem({ parameters }: Request<OneItem>): Promise<Reply> {
    const { id, "If-Match": ifMatch } = parameters;
    const outcome = await items.remove(id, strongRevisions(ifMatch));
    if (!outcome.written) throw refused(id, outcome.current);
    return { status: 204 };
  }

  return { listItems, createItem, readItem, replaceItem, patchItem, deleteItem };
}

function newCreation(id: string = randomUUID()): Creation {
  return { id, createdAt: new Date().toISOString(), revision: newRevision() };
}

function newItem(content: ItemContent, { id, createdAt }: Creation): Item {
  return itemFrom({ ...content, id, createdAt, updatedAt: createdAt });
}

function itemReply({ item, revision }: Pick<StoredItem, "item" | "revision">): Reply {
  return { status: 200, headers: { ETag: entityTag(revision) }, body: item };
}

function createdReply(content: ItemContent, creation: Creation, location: string): Reply {
  const { headers, body } = itemReply({ item: newItem(content, creation), revision: creation.revision });
  return { status: 201, headers: { ...headers, Location: location }, body };
}

function otherId(sent: unknown, id: string): Mistake[] {
  return sent === undefined || sent === id ? [] : [{ pointer: "#/id", detail: `must be ${id}, as in the path` }];
}

/** The item, if it exists and is in a state that If-Match allows. */
function demanded(id: string, stored: StoredItem | undefined, ifMatch: string | undefined): StoredItem {
  if (!stored || !includesRevision(strongRevisions(ifMatch), stored.revision)) throw refused(id, stored);
  return stored;
}

/** Why a condition did not hold, according to the current item. */
function refused(id: string, current: StoredItem | undefined): Problem {
  if (!current) return new Problem("not-found", `There is no item ${id}.`);
  return new Problem("precondition-failed", `Item ${id} has changed; it is now ${entityTag(current.revision)}.`);
}
