// How all kiosks are, fetched again and again while somebody looks, and what somebody asks of one.
import { type ReadonlySignal, signal } from "@preact/signals";
import type { HealthView, OrderKind } from "../../protocol/messages";
import type { Problem } from "../api";
import { isUnderWay } from "../rules/health";
import type { Texts } from "../rules/texts";
import type { HealthApi } from "./api";

/** While somebody looks. */
export const LOOK_EVERY_MS = 5000;
/** While a kiosk is at something that was just asked of it. */
export const LOOK_SOON_MS = 1000;
/** So long an order makes us look more often: a kiosk that is away may never come to it. */
const JUST_ASKED_MS = 60_000;

/** What somebody is doing on this page, and to which kiosk: its place is where its outcome is said. */
export type ActName = OrderKind | "lock" | "unlock" | "pin";
export interface Act {
  readonly kioskId: string;
  readonly name: ActName;
  readonly state: "sending" | "kept" | "refused";
  readonly problem: Problem | null;
}

export interface HealthWatch {
  /** As it was when the server answered last; null: it never has. */
  readonly view: ReadonlySignal<HealthView | null>;
  /** What became of the last look; null: it went well. */
  readonly problem: ReadonlySignal<Problem | null>;
  readonly act: ReadonlySignal<Act | null>;

  /** Somebody looks, as long as `isSeen` says so; returns what ends it. */
  begin(isSeen: () => boolean): () => void;
  /** Look now. */
  look(): Promise<void>;
  order(kioskId: string, kind: OrderKind): Promise<boolean>;
  lock(kioskId: string, texts: Texts): Promise<boolean>;
  unlock(kioskId: string): Promise<boolean>;
  setPin(kioskId: string, pin: string): Promise<boolean>;
  /** Somebody else sits here now. */
  forget(): void;
}

export interface HealthWatchDeps {
  readonly api: HealthApi;
  /** Calls back after so many milliseconds; returns what calls it off. */
  readonly later: (act: () => void, ms: number) => () => void;
}

export function createHealthWatch({ api, later }: HealthWatchDeps): HealthWatch {
  const view = signal<HealthView | null>(null);
  const problem = signal<Problem | null>(null);
  const act = signal<Act | null>(null);
  /** Answers that come late must not overwrite newer ones. */
  let asked = 0;
  let answered = 0;

  async function look(): Promise<void> {
    asked += 1;
    const own = asked;
    try {
      const found = await api.health();
      if (own < answered) return;
      answered = own;
      view.value = found;
      problem.value = null;
    } catch (error) {
      if (own < answered) return;
      answered = own;
      problem.value = api.problem(error);
    }
  }

  function pace(): number {
    const now = Date.parse(view.value?.now ?? "");
    const soon = view.value?.kiosks.some(({ orders }) =>
      orders.some((order) => isUnderWay(order) && now - Date.parse(order.asked_at) < JUST_ASKED_MS),
    );
    return soon && problem.value === null ? LOOK_SOON_MS : LOOK_EVERY_MS;
  }

  /** One thing at a time; what it is refused with is said where it was asked. */
  async function attempt(kioskId: string, name: ActName, request: () => Promise<unknown>): Promise<boolean> {
    if (act.value?.state === "sending") return false;
    act.value = { kioskId, name, state: "sending", problem: null };
    try {
      await request();
    } catch (error) {
      act.value = { kioskId, name, state: "refused", problem: api.problem(error) };
      return false;
    }
    await look();
    act.value = { kioskId, name, state: "kept", problem: null };
    return true;
  }

  return {
    view,
    problem,
    act,
    begin(isSeen) {
      let callOff = () => {};
      let ended = false;
      const round = async () => {
        if (isSeen()) await look();
        if (!ended) callOff = later(() => void round(), pace());
      };
      void round();
      return () => {
        ended = true;
        callOff();
      };
    },
    look,
    order: (kioskId, kind) => attempt(kioskId, kind, () => api.order(kioskId, kind)),
    lock: (kioskId, texts) => attempt(kioskId, "lock", () => api.lock(kioskId, texts)),
    unlock: (kioskId) => attempt(kioskId, "unlock", () => api.unlock(kioskId)),
    setPin: (kioskId, pin) => attempt(kioskId, "pin", () => api.setPin(kioskId, pin)),
    forget() {
      view.value = problem.value = act.value = null;
    },
  };
}
