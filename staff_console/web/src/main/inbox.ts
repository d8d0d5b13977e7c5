// What the server says, put where the screen reads it. Snapshot first, deltas after; one path for every recovery.
import { batch } from "@preact/signals";
import { applyDelta } from "../protocol/delta";
import type { Delta, StaffSnapshot, TextDraft, TextHistory, ToConsole } from "../protocol/messages";
import type { ConsoleState } from "../state/console";
import { withDraft, withHistory } from "../state/text";

export interface Inbox {
  message<Name extends keyof ToConsole>(name: Name, payload: ToConsole[Name]): void;
  /** The connection is new: nothing counts before its snapshot. */
  expectSnapshot(): void;
  /** The server's clock minus ours, ms. */
  clockOffsetMs(): number;
}

export interface InboxDeps {
  readonly state: ConsoleState;
  readonly clock: () => number;
  readonly requestSnapshot: () => void;
  /** After each change of the view; `fresh` when it was a whole one. */
  readonly viewChanged: (fresh: boolean) => void;
  readonly onOffer: (offer: ToConsole["call.offer"]) => void;
  readonly onCandidate: (candidate: ToConsole["call.candidate"]) => void;
}

export function createInbox(deps: InboxDeps): Inbox {
  const { state } = deps;
  let revision: number | null = null;
  let offsetMs = 0;

  function snapshot(message: StaffSnapshot): void {
    revision = message.revision;
    offsetMs = Date.parse(message.server_time) - deps.clock();
    batch(() => {
      state.nowMs.value = deps.clock() + offsetMs;
      state.view.value = message.view;
      forgetFormerVisit();
    });
    deps.viewChanged(true);
  }

  function delta(message: Delta): void {
    const view = state.view.value;
    if (revision === null || view === null) return;
    if (message.revision !== revision + 1) {
      revision = null;
      deps.requestSnapshot();
      return;
    }
    revision = message.revision;
    batch(() => {
      state.view.value = applyDelta(view, message);
      forgetFormerVisit();
    });
    deps.viewChanged(false);
  }

  /** What was typed and said of devices belongs to one visit and goes with it. */
  let visitId: string | null = null;
  function forgetFormerVisit(): void {
    const current = state.view.value?.visit?.id ?? null;
    if (current === visitId) return;
    visitId = current;
    state.conversation.value = [];
    state.draft.value = "";
    state.kioskMedia.value = null;
    state.microphoneWanted.value = true;
    state.cameraWanted.value = true;
  }

  function text(message: TextDraft): void {
    if (message.visit_id !== visitId) return;
    state.conversation.value = withDraft(state.conversation.value, message);
  }

  function history(message: TextHistory): void {
    if (message.visit_id !== visitId) return;
    state.conversation.value = withHistory(state.conversation.value, message.entries);
  }

  const handlers: { readonly [Name in keyof ToConsole]: (payload: ToConsole[Name]) => void } = {
    "staff.snapshot": snapshot,
    delta,
    "call.offer": deps.onOffer,
    "call.candidate": deps.onCandidate,
    "call.media": ({ visit_id, ...media }) => {
      if (visit_id === visitId) state.kioskMedia.value = media;
    },
    "text.draft": text,
    "text.history": history,
  };

  return {
    message: (name, payload) => handlers[name](payload),
    expectSnapshot: () => {
      revision = null;
    },
    clockOffsetMs: () => offsetMs,
  };
}
