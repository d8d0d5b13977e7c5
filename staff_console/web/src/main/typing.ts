// Real-time text: every change of the line goes out whole, at most twelve times a second, well within 500 ms.
import type { Link } from "../net/link";
import type { ConsoleState } from "../state/console";
import { bounded, nextEntry, withDraft } from "../state/text";

/** Keystrokes closer than this go together: half the server's rate is left for everything else. */
const SPACING_MS = 80;

export interface Typing {
  type(text: string): void;
  sendLine(): void;
}

export function createTyping(state: ConsoleState, link: Pick<Link, "send">): Typing {
  /** The line that is being typed; 0: none begun. */
  let entry = 0;
  let ofVisit = "";
  let timer: ReturnType<typeof setTimeout> | undefined;

  function put(text: string, done: boolean): void {
    clearTimeout(timer);
    timer = undefined;
    const visit = state.view.value?.visit;
    if (!visit) return;
    if (entry === 0 || ofVisit !== visit.id) {
      entry = nextEntry(state.conversation.value, "staff");
      ofVisit = visit.id;
    }
    const line = { entry, text: bounded(text), done, author: "staff" } as const;
    state.conversation.value = withDraft(state.conversation.value, line);
    // Not answered: the line stands here, and the next keystroke carries all of it again.
    void link.send("text.draft", { visit_id: visit.id, ...line }).catch(() => {});
    if (done) entry = 0;
  }

  return {
    type(text) {
      state.draft.value = bounded(text);
      if (timer !== undefined) return;
      put(state.draft.value, false);
      timer = setTimeout(() => {
        timer = undefined;
        if (state.draft.value !== lastSent()) put(state.draft.value, false);
      }, SPACING_MS);
    },
    sendLine() {
      const text = state.draft.value.trim();
      if (text === "") return;
      state.draft.value = "";
      put(text, true);
    },
  };

  function lastSent(): string {
    return (
      state.conversation.value.find((line) => line.author === "staff" && line.entry === entry)?.text ?? ""
    );
  }
}
