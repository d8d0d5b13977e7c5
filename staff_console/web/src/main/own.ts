// One's own settings, notices, and the browser's push: what the settings page asks for.
import type { OwnApi } from "../net/own";
import type { ConsoleState } from "../state/console";
import { choices, type NoticeState, type OwnChoices, ownFault } from "../state/own";
import type { Orders } from "./orders";

/** The service worker; in its own file at the root, so that it may speak for the whole site. */
const WORKER = "/push.js";

export interface Own {
  load(): Promise<void>;
  save(wanted: OwnChoices): Promise<void>;
  /** From a click. */
  allowNotices(): Promise<void>;
  /** From a click. */
  setPush(on: boolean): Promise<void>;
}

/** Trusted Types, which TypeScript's own DOM does not know yet. */
interface Vouching {
  readonly trustedTypes?: {
    createPolicy(
      name: string,
      rules: { createScriptURL: (address: string) => string },
    ): { createScriptURL(address: string): string };
  };
}

export interface OwnDeps {
  readonly state: ConsoleState;
  readonly api: OwnApi;
  readonly orders: Pick<Orders, "attempt">;
  readonly window: Window & typeof globalThis & Vouching;
}

export function createOwn({ state, api, orders, window }: OwnDeps): Own {
  const container = window.isSecureContext ? window.navigator.serviceWorker : undefined;

  function noticeState(): NoticeState {
    return "Notification" in window ? window.Notification.permission : "unavailable";
  }
  state.notices.value = noticeState();

  async function subscription(): Promise<PushSubscription | null> {
    const worker = await container?.getRegistration(WORKER);
    return (await worker?.pushManager?.getSubscription()) ?? null;
  }

  /** Look at what is so; the browser may have taken it back meanwhile. */
  async function look(): Promise<void> {
    state.notices.value = noticeState();
    if (container === undefined || !("PushManager" in window) || state.own.value?.push_available !== true)
      state.push.value = "unavailable";
    else if (state.notices.value === "denied") state.push.value = "blocked";
    else state.push.value = (await subscription()) === null ? "off" : "on";
  }

  async function askForNotices(): Promise<boolean> {
    if (noticeState() === "default") await window.Notification.requestPermission();
    state.notices.value = noticeState();
    return state.notices.value === "granted";
  }

  async function subscribe(): Promise<void> {
    if (container === undefined || !(await askForNotices())) return;
    const key = await api.pushKey();
    if (key === "") return;
    await container.register(trusted(WORKER), { scope: "/" });
    const worker = await container.ready;
    const made = await worker.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: key });
    const { endpoint, keys } = made.toJSON();
    try {
      await api.addPush({ endpoint: endpoint ?? "", p256dh: keys?.p256dh ?? "", auth: keys?.auth ?? "" });
    } catch (error) {
      // What the server does not know must not look switched on here.
      await made.unsubscribe();
      throw error;
    }
  }

  async function unsubscribe(): Promise<void> {
    const made = await subscription();
    if (made === null) return;
    await api.removePush(made.endpoint);
    await made.unsubscribe();
  }

  /** A script's address must be vouched for: the page's policy asks for it (`require-trusted-types-for`). */
  function trusted(address: string): string {
    const policy = window.trustedTypes?.createPolicy("push", { createScriptURL: (own) => own });
    return policy?.createScriptURL(address) ?? address;
  }

  return {
    async load() {
      state.ownKept.value = false;
      await orders.attempt("own.load", async () => {
        state.own.value = await api.load();
      });
      await look();
    },
    async save(wanted) {
      const before = state.own.value;
      if (before === null || ownFault(wanted) !== null) return;
      state.ownKept.value = false;
      // Shown at once; taken back when the server did not keep it.
      state.own.value = { ...before, ...choices(wanted) };
      state.ownKept.value = await orders.attempt("own.save", () => api.save(choices(wanted)));
      if (!state.ownKept.value) state.own.value = before;
    },
    async allowNotices() {
      await askForNotices();
    },
    async setPush(on) {
      await orders.attempt("own.push", on ? subscribe : unsubscribe);
      await look();
    },
  };
}
