import { account, callerArn } from "../../../engine/context";
import type { Graph } from "../../../engine/graph";
import { asStrings, asText, ownResources, type Settings } from "../resources";
import type { Service } from "../service";
import type { Key } from "../signature/verifier";
import type { Change, Credentials } from "../types";
import { type Kind, managedPolicy, type Policies, policiesOf, roleArns } from "./attached";
import type { Caller } from "./caller";
import { createSession, functionCredentials, type SessionCredentials } from "./keys";
import { type AccessRequest, type Effect, effectOf } from "./policy";

/** A user, or a session of a role. */
interface Identity {
  kind: Extract<Kind, "role" | "user">;
  /** The ARN of the user or the role. */
  arn: string;
  /** The name of the role's session. */
  session?: string;
  /** What the session may do at most. @default all that the role may do */
  limit?: Settings[];
}

interface IdentityKey extends Key {
  identity: Identity;
  /** In milliseconds since 1970. @default never */
  expires?: number;
}

/** A session that has begun. */
interface Session {
  credentials: SessionCredentials;
  /** In milliseconds since 1970. */
  expires: number;
  caller: Caller;
}

/**
 * Who may sign requests: the developer with the credentials that `start` prints, who may do everything; users of the program
 * with their access keys; functions in their roles; and the sessions that STS has begun.
 */
export class Identities implements Service {
  private graph?: Graph;
  private users = new Map<string, IdentityKey>();
  /** Of functions and STS. A function's stays, as its events may still run when the program no longer has it. */
  private readonly sessions = new Map<string, IdentityKey>();
  /** What is known of a user or a role, by ARN, until the graph changes. */
  private readonly known = new Map<string, { settings: Settings; policies: Policies; boundary?: Policies }>();
  /** The identities of which the log says that their policies are not all known. */
  private readonly reported = new Set<string>();

  constructor(
    private readonly credentials: Credentials,
    private readonly log: (line: string) => void = () => {},
  ) {}

  reconcile(graph: Graph): Change[] {
    this.graph = graph;
    this.known.clear();
    const arns = new Map(
      ownResources(graph, "aws:iam/user:User").map(({ settings: { name, arn } }) => [name, asText(arn)]),
    );
    this.users = new Map(
      ownResources(graph, "aws:iam/accessKey:AccessKey").flatMap(({ settings: { id, user, secret, status } }) => {
        const arn = arns.get(user);
        if (!arn || typeof secret !== "string" || status === "Inactive") return [];
        return [[String(id), { secretAccessKey: secret, identity: { kind: "user", arn } }]];
      }),
    );
    const roles = roleArns(graph);
    for (const { settings, name: resource } of ownResources(graph, "aws:lambda/function:Function")) {
      const arn = asText(settings.role);
      if (!arn || !roles.has(arn)) continue;
      const session = asText(settings.name) ?? resource;
      const { accessKeyId, secretAccessKey } = functionCredentials(this.credentials, arn, session);
      this.sessions.set(accessKeyId, { secretAccessKey, identity: { kind: "role", arn, session } });
    }
    return [];
  }

  /** The key with which requests to the program's APIs and functions are signed. */
  keyOf(accessKeyId: string): Key | undefined {
    const { accessKeyId: own, secretAccessKey } = this.credentials;
    return accessKeyId === own ? { secretAccessKey } : this.find(accessKeyId);
  }

  /**
   * The key with which requests to AWS services are signed. The secrets of users follow from the program, so that others may
   * know them: they only open APIs, function URLs and STS.
   */
  keyForService(accessKeyId: string, service: string): Key | undefined {
    return this.users.has(accessKeyId) && service !== "sts" ? undefined : this.keyOf(accessKeyId);
  }

  /** @param accessKeyId of a key that `keyOf` has returned */
  callerOf(accessKeyId: string, region: string): Caller {
    const identity = this.find(accessKeyId)?.identity;
    return identity ? this.describe(accessKeyId, identity) : administrator(accessKeyId, region);
  }

  /** Whether it is the developer, whose key `start` prints. */
  isAdministrator({ accessKeyId }: Caller): boolean {
    return accessKeyId === this.credentials.accessKeyId;
  }

  /** The settings of a role of the program. */
  role(arn: string): Settings | undefined {
    return this.lookUp("role", arn)?.settings;
  }

  /** Begins a session of a role. @param seconds how long it lasts */
  begin(identity: Pick<Identity, "arn" | "session" | "limit">, seconds: number): Session {
    const { accessKeyId, ...key } = createSession();
    const expires = Date.now() + seconds * 1000;
    const whole: IdentityKey = { ...key, identity: { kind: "role", ...identity }, expires };
    this.sessions.set(accessKeyId, whole);
    const credentials: SessionCredentials = { accessKeyId, ...key };
    return { credentials, expires, caller: this.describe(accessKeyId, whole.identity) };
  }

  private find(accessKeyId: string): IdentityKey | undefined {
    const key = this.users.get(accessKeyId) ?? this.sessions.get(accessKeyId);
    if (key?.expires === undefined || key.expires > Date.now()) return key;
    this.sessions.delete(accessKeyId);
    return undefined;
  }

  private describe(accessKeyId: string, identity: Identity): Caller {
    const { kind, arn, session } = identity;
    const { settings = {} } = this.lookUp(kind, arn) ?? {};
    const name = asText(settings.name) ?? arn.replace(/^.*\//, "");
    const id = asText(settings.uniqueId) ?? accessKeyId;
    const own = session === undefined ? arn : sessionArn(arn, name, session);
    const userId = session === undefined ? id : `${id}:${session}`;
    const tags = Object.entries(asStrings(settings.tags));
    return {
      accessKeyId,
      arn: own,
      userId,
      names: [...new Set([own, arn])],
      facts: {
        ...Object.fromEntries(tags.map(([key, value]) => [`aws:principaltag/${key.toLowerCase()}`, value])),
        "aws:principalaccount": account,
        "aws:principalarn": arn,
        "aws:principaltype": kind === "user" ? "User" : "AssumedRole",
        "aws:userid": userId,
        ...(kind === "user" && { "aws:username": name }),
      },
      effectOn: (request) => this.effectOn(identity, request),
    };
  }

  /** What all limits allow, and what one of them denies. */
  private effectOn({ kind, arn, limit }: Identity, request: AccessRequest): Effect | undefined {
    const { policies, boundary } = this.lookUp(kind, arn) ?? {};
    const effects = [
      ...[policies, boundary].flatMap((one) => (one ? this.readEffect(arn, one, request) : [])),
      ...(limit ? [effectOf(limit, request)] : []),
    ];
    if (effects.includes("Deny")) return "Deny";
    return policies && effects.every((effect) => effect === "Allow") ? "Allow" : undefined;
  }

  /** A policy that is not known may allow the call. */
  private readEffect(arn: string, { statements, unread }: Policies, request: AccessRequest): Effect | undefined {
    const effect = effectOf(statements, request);
    if (effect !== undefined || unread.length === 0) return effect;
    if (!this.reported.has(arn)) {
      this.log(`${arn} may call what nothing denies it, as nobody here knows what ${unread.join(" and ")} allows`);
    }
    this.reported.add(arn);
    return "Allow";
  }

  private lookUp(kind: Kind, arn: string) {
    const known = this.known.get(arn);
    if (known || !this.graph) return known;
    const { graph } = this;
    const type = kind === "role" ? "aws:iam/role:Role" : "aws:iam/user:User";
    const settings = ownResources(graph, type).find((one) => one.settings.arn === arn)?.settings;
    if (!settings) return undefined;
    const boundary = asText(settings.permissionsBoundary);
    const found = {
      settings,
      policies: policiesOf(graph, kind, settings),
      ...(boundary && { boundary: managedPolicy(graph, boundary) }),
    };
    this.known.set(arn, found);
    return found;
  }
}

/** The developer may do everything that no resource denies. */
function administrator(accessKeyId: string, region: string): Caller {
  const arn = callerArn(region);
  return {
    accessKeyId,
    arn,
    userId: accessKeyId,
    names: [arn],
    facts: {
      "aws:principalaccount": account,
      "aws:principalarn": arn,
      "aws:principaltype": "User",
      "aws:userid": accessKeyId,
      "aws:username": arn.replace(/^.*\//, ""),
    },
    effectOn: () => "Allow",
  };
}

function sessionArn(role: string, name: string, session: string): string {
  const [, partition, , , owner] = role.split(":");
  return `arn:${partition}:sts::${owner}:assumed-role/${name}/${session}`;
}
