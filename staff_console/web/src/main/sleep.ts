// A page that was asleep: frozen by the browser, kept for "back", or the whole machine with its lid closed. When it
// wakes, the connection, the paths of a call and the devices are looked at again. What needs a click then says so on the
// duty card.
import type { Link } from "../net/link";
import type { ConsoleState } from "../state/console";
import { isAwaited } from "../state/duty";
import type { CallRunner } from "./call";
import type { Equipment } from "./equipment";

/** A second that took so long was a sleep. A throttled tab looks like one once a minute; looking costs nothing. */
const SLEPT_MS = 20_000;

export interface SleepDeps {
  readonly state: ConsoleState;
  readonly link: Pick<Link, "wake">;
  readonly equipment: Pick<Equipment, "wake">;
  readonly call: Pick<CallRunner, "moved">;
  readonly window: Window;
  readonly clock: () => number;
}

/** Returns what is to be called each second. */
export function watchSleep({ state, link, equipment, call, window, clock }: SleepDeps): () => void {
  let lastMs = clock();

  function wake(): void {
    lastMs = clock();
    link.wake();
    // The other end has given the path up long ago, or is about to: it is not waited for.
    call.moved();
    if (isAwaited(state.view.value)) void equipment.wake();
  }

  window.document.addEventListener("resume", wake);
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) wake();
  });
  return () => {
    const nowMs = clock();
    if (nowMs - lastMs > SLEPT_MS) wake();
    lastMs = nowMs;
  };
}
