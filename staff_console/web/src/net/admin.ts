// The forms of places, people and kiosks, over plain HTTP like the session.
import type { AdminProblem } from "../protocol/messages";
import { createAsk, HttpFault } from "./http";

type Json = object;

/** `csrf` is asked at each request: it changes with the session. */
export function createAdminApi(fetcher: typeof fetch, csrf: () => string) {
  const ask = createAsk(fetcher);
  const read = async (path: string) => (await ask("GET", `/api/admin/${path}`)).json();
  const at = (kind: string, id: string, action = "") =>
    `/api/admin/${kind}/${encodeURIComponent(id)}${action && `/${action}`}`;
  const match = (revision: string) => ({ "If-Match": `"${revision}"` });
  const act = async (kind: string, id: string, action: string) =>
    (await ask("POST", at(kind, id, action), csrf())).json();
  const post = async (id: string, action: string, body?: Json) =>
    (await ask("POST", at("kiosks", id, action), csrf(), body)).json();
  return {
    view: () => read("view"),
    add: async (kind: string, form: Json) => (await ask("POST", `/api/admin/${kind}`, csrf(), form)).json(),
    replace: async (kind: string, id: string, revision: string, form: Json) =>
      (await ask("PUT", at(kind, id), csrf(), form, match(revision))).json(),
    remove: async (kind: string, id: string, revision: string) => {
      await ask("DELETE", at(kind, id), csrf(), undefined, match(revision));
    },
    code: (id: string) => act("kiosks", id, "code"),
    revoke: (id: string) => act("kiosks", id, "revoke"),
    password: (id: string) => act("staff", id, "password"),
    setDisabled: (id: string, disabled: boolean) => act("staff", id, disabled ? "disable" : "enable"),
    actions: (before: string | null) =>
      read(before === null ? "actions" : `actions?before=${encodeURIComponent(before)}`),
    calls: (kioskId: string | null, before: string | null) => {
      const asked = new URLSearchParams();
      if (kioskId !== null) asked.set("kiosk", kioskId);
      if (before !== null) asked.set("before", before);
      return read(asked.size === 0 ? "calls" : `calls?${asked}`);
    },
    network: () => read("network"),
    health: () => read("health"),
    history: (kioskId: string) => read(`health/${encodeURIComponent(kioskId)}/history`),
    order: (kioskId: string, kind: string) => post(kioskId, "orders", { kind }),
    lock: (kioskId: string, texts: Json) => post(kioskId, "lock", { texts }),
    unlock: (kioskId: string) => post(kioskId, "unlock"),
    setPin: (kioskId: string, pin: string) => post(kioskId, "pin", { pin }),
    problem: (error: unknown) => {
      if (!(error instanceof HttpFault)) throw error;
      const code = error.code as AdminProblem["code"] | "no_answer";
      return { code, field: error.field, data: error.data };
    },
  };
}
