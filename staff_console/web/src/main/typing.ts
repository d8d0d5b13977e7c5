// Real-time text: every change of the line goes out whole, at most twelve times a second, well within 500 ms.
import type { Link } from "../net/link";
import type { ConsoleState } from "../state/console";
import { bounded, nextEntry, openLine, type TextLine, withDraft, written } from "../state/text";

/** Keystrokes closer than this go together: half the server's rate is left for everything else. */
const SPACING_MS = 80;

export interface Typing {
  type(text: string): void;
  sendLine(): void;
  /** The other end is within reach again: send what may not have arrived. */
  resend(): void;
  /** What was typed before has come back: go on with the line that was not finished. */
  adopt(): void;
}

export function createTyping(state: ConsoleState, link: Pick<Link, "send">): Typing {
  /** The line that is being typed; 0: none begun. */
  let entry = 0;
  let visitId = "";
  let spacing: ReturnType<typeof setTimeout> | undefined;
  /** Lines that may not have arrived at the kiosk. */
  const unsure = new Set<number>();

  const me = () => state.view.value?.seat.id ?? "";

  function follow(): string | null {
    const visit = state.view.value?.visit;
    if (!visit) return null;
    if (visit.id !== visitId) {
      visitId = visit.id;
      entry = 0;
      unsure.clear();
      clearTimeout(spacing);
      spacing = undefined;
    }
    return visit.id;
  }

  function put(text: string, done: boolean): void {
    if (follow() === null) return;
    if (entry === 0) entry = nextEntry(state.conversation.value, me());
    const line = { entry, text: bounded(text), done, author: "staff", sender: me() } as const;
    state.conversation.value = withDraft(state.conversation.value, line);
    if (done) entry = 0;
    send(line);
  }

  /** For a moment nothing goes out; what was typed meanwhile goes out then, and rests again. */
  function rest(): void {
    spacing = setTimeout(() => {
      spacing = undefined;
      // The visitor may have gone meanwhile; what was typed to one is never sent to the next.
      if (state.view.value?.visit?.id !== visitId) return;
      const sent = openLine(state.conversation.value, me(), entry)?.text;
      if (state.draft.value === sent) return;
      put(state.draft.value, false);
      rest();
    }, SPACING_MS);
  }

  function send(line: TextLine): void {
    if (state.view.value?.visit?.kiosk_connected !== true) unsure.add(line.entry);
    link.send("text.draft", { visit_id: visitId, ...line }).catch(() => {
      // It stands here, and goes out again when both ends are within reach.
      unsure.add(line.entry);
    });
  }

  return {
    type(text) {
      state.draft.value = bounded(text);
      follow();
      if (spacing !== undefined) return;
      put(state.draft.value, false);
      rest();
    },
    sendLine() {
      const text = state.draft.value.trim();
      if (text === "") return;
      clearTimeout(spacing);
      spacing = undefined;
      state.draft.value = "";
      put(text, true);
    },
    resend() {
      if (follow() === null || unsure.size === 0) return;
      const again = written(state.conversation.value, me()).filter((line) => unsure.has(line.entry));
      unsure.clear();
      for (const line of again) send(line);
    },
    adopt() {
      if (follow() === null || entry !== 0 || state.draft.value !== "") return;
      const last = written(state.conversation.value, me()).at(-1);
      if (last === undefined || last.done) return;
      entry = last.entry;
      state.draft.value = last.text;
    },
  };
}
