// Keys that do what a button does. A key lives as long as its button is on the screen, so a forbidden action has
// no key either. They rest while somebody types, and can be switched off (WCAG 2.1.4).
import type { RefObject } from "preact";
import { useLayoutEffect } from "preact/hooks";

const TYPING = "input, textarea, select, [contenteditable]";

/** `hint` as it is shown: `A`, `⇧F`. */
export function useShortcut(
  button: RefObject<HTMLElement | null>,
  hint: string | undefined,
  enabled: boolean,
  act: () => void,
): void {
  // In the same step as the button itself: a plain effect waits for the next frame, and a quick second key was lost.
  useLayoutEffect(() => {
    if (hint === undefined || !enabled) return;
    const shift = hint.startsWith("⇧");
    const key = hint.replace("⇧", "").toLowerCase();
    const onKey = (event: KeyboardEvent) => {
      if (event.repeat || event.ctrlKey || event.altKey || event.metaKey || event.defaultPrevented) return;
      if (event.key.toLowerCase() !== key || event.shiftKey !== shift) return;
      if (event.target instanceof Element && event.target.closest(TYPING) !== null) return;
      if (covered(button.current)) return;
      event.preventDefault();
      act();
    };
    document.addEventListener("keydown", onKey);
    return () => document.removeEventListener("keydown", onKey);
  });
}

/** Whether a modal dialog lies over this element. */
function covered(element: Element | null): boolean {
  const top = [...document.querySelectorAll("dialog:modal")].at(-1);
  return top !== undefined && !(element !== null && top.contains(element));
}
