// The door of this page: what main/ fetches when somebody wants to manage the library, and not before.
import { effect } from "@preact/signals";
import { useEffect } from "preact/hooks";
import type { ConsoleState } from "../state/console";
import { type OfficeApi, OfficeContext } from "./context";
import { createHealthWatch } from "./health/watch";
import { createKeeping } from "./keeping";
import { ManagePage } from "./page";
import { todayIn } from "./rules/days";
import { addressOf, routeOf } from "./rules/kinds";
import { createAdminWords } from "./words";
import "./styles/page.css";
import "./styles/form.css";
import "./styles/health.css";

export interface ManageDeps {
  readonly state: ConsoleState;
  readonly api: OfficeApi;
  readonly window: Window;
}

/** Made once: what is typed outlives a ring, a conversation and a look at the desk. */
export function createManage({ state, api, window }: ManageDeps) {
  const say = createAdminWords(() => state.preferences.value.language);
  const keeping = createKeeping({
    api,
    today: (zone) => todayIn(zone, state.nowMs.value),
    moved(route) {
      const address = addressOf(route);
      if (routeOf(window.location.hash) !== null && window.location.hash !== address)
        window.history.replaceState(null, "", address);
    },
  });
  const health = createHealthWatch({
    api,
    later(act, ms) {
      const timer = window.setTimeout(act, ms);
      return () => window.clearTimeout(timer);
    },
  });
  const follow = () => {
    const route = routeOf(window.location.hash);
    if (route !== null) keeping.go(route);
  };
  window.addEventListener("hashchange", follow);
  window.addEventListener("beforeunload", (event) => {
    if (keeping.dirty.value) event.preventDefault();
  });
  // Another person at this browser begins with an empty page.
  let owner = state.staff.value?.staff_id;
  effect(() => {
    const now = state.staff.value?.staff_id;
    // What is shown once is not there again after signing in.
    if (now === undefined) keeping.putAwaySecret();
    if (now !== undefined && now !== owner) {
      owner = now;
      keeping.forget();
      health.forget();
    }
  });
  const office = { keeping, health, api, say };

  function Manage() {
    useEffect(() => {
      follow();
      void keeping.load();
    }, []);
    return (
      <OfficeContext.Provider value={office}>
        <ManagePage />
      </OfficeContext.Provider>
    );
  }
  return { Manage };
}
