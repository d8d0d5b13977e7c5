// A ring comes up in the middle of a word: the next letter must neither answer nor decline it.
import { useEffect } from "preact/hooks";
import type { ConsoleState } from "../state/console";

/** Hands that have rested so long mean the key that they press. */
const REST_MS = 800;
const TYPING = "input, textarea, select";

/** While it rings, keys rest until whoever was typing has noticed. */
export function useRestingKeys(state: ConsoleState): void {
  useEffect(() => {
    let lastMs = Number.NEGATIVE_INFINITY;
    const onKey = (event: KeyboardEvent) => {
      const ringing = state.view.value?.offer != null;
      if (!ringing) {
        if (event.target instanceof Element && event.target.closest(TYPING) !== null)
          lastMs = event.timeStamp;
        return;
      }
      if (event.timeStamp - lastMs > REST_MS) return;
      lastMs = event.timeStamp;
      event.preventDefault();
      event.stopPropagation();
    };
    // Before anybody else hears of it.
    window.addEventListener("keydown", onKey, { capture: true });
    return () => window.removeEventListener("keydown", onKey, { capture: true });
  }, [state]);
}
