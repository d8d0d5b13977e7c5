// One's own settings and the addresses under which this browser can be woken, over plain HTTP like the session.
import type { Language } from "../protocol/messages";
import { createAsk } from "./http";

/** What is sent. */
export interface OwnForm {
  readonly languages: readonly Language[];
  readonly email: string;
  readonly standby: boolean;
  readonly alerts: boolean;
}

/** What is kept, with what the server can do. */
export interface OwnAnswer extends OwnForm {
  readonly push_available: boolean;
  readonly email_available: boolean;
}

/** A browser's subscription, keys in base64url. */
export interface PushForm {
  readonly endpoint: string;
  readonly p256dh: string;
  readonly auth: string;
}

export interface OwnApi {
  load(): Promise<OwnAnswer>;
  save(settings: OwnForm): Promise<void>;
  /** The server's public key for web push, base64url; empty: it sends none. */
  pushKey(): Promise<string>;
  addPush(subscription: PushForm): Promise<void>;
  removePush(endpoint: string): Promise<void>;
}

/** `csrf` is asked at each request: it changes with the session. */
export function createOwnApi(fetcher: typeof fetch, csrf: () => string): OwnApi {
  const ask = createAsk(fetcher);
  return {
    load: async () => (await ask("GET", "/api/me/settings")).json(),
    save: async (settings) => {
      await ask("PUT", "/api/me/settings", csrf(), settings);
    },
    pushKey: async () => {
      const { key } = await (await ask("GET", "/api/me/push-key")).json();
      return typeof key === "string" ? key : "";
    },
    addPush: async (subscription) => {
      await ask("POST", "/api/me/push", csrf(), subscription);
    },
    removePush: async (endpoint) => {
      await ask("DELETE", "/api/me/push", csrf(), { endpoint });
    },
  };
}
