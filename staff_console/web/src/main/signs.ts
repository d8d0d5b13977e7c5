// A hand on mouse, keyboard or screen, said to the server now and then: a seat on duty has a person at it. Only what
// the browser itself says a person did counts; what was pressed is not looked at.
import type { Link } from "../net/link";
import type { ConsoleState } from "../state/console";
import { type Hand, signDue } from "../state/sign";

export interface SignsDeps {
  readonly state: ConsoleState;
  readonly link: Pick<Link, "send">;
  readonly window: Window;
  readonly clock: () => number;
}

export interface Signs {
  /** Say it now; the click that asks for it may have said it already. */
  say(): void;
}

/** A press, its key and its click are one deed of one hand. */
const SAME_HAND_MS = 1_000;

const HANDS: readonly (readonly [name: keyof WindowEventMap, hand: Hand])[] = [
  ["pointerdown", "press"],
  ["keydown", "press"],
  ["pointermove", "move"],
  ["wheel", "move"],
];

export function createSigns({ state, link, window, clock }: SignsDeps): Signs {
  let lastMs: number | null = null;

  function say(): void {
    if (lastMs !== null && clock() - lastMs < SAME_HAND_MS) return;
    lastMs = clock();
    // Not arrived: the next hand says it again.
    link.send("seat.sign", {}).catch(() => {
      lastMs = null;
    });
  }

  for (const [name, hand] of HANDS) {
    window.addEventListener(
      name,
      (event) => {
        const seat = state.view.value?.seat ?? null;
        if (event.isTrusted && state.link.value === "up" && signDue(seat, hand, lastMs, clock())) say();
      },
      { capture: true, passive: true },
    );
  }
  return { say };
}
