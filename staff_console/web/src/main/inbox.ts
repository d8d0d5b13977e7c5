// What the server says, put where the screen reads it. Snapshot first, deltas after; one path for every recovery.
import { batch } from "@preact/signals";
import type { Incoming } from "../net/link";
import { applyDelta } from "../protocol/delta";
import type {
  CallMedia,
  Delta,
  StaffSnapshot,
  TextDraft,
  TextHistory,
  ToConsole,
} from "../protocol/messages";
import type { ConsoleState } from "../state/console";
import { dutyLostBetween } from "../state/duty";
import { withDraft, withHistory } from "../state/text";

/** What the wire calls the kiosk's end; any other sender is a seat. */
const KIOSK = "kiosk";
/** How many messages may wait for their visit. */
const OVERTAKING_MAX = 20;

export interface Inbox {
  message<Name extends Incoming>(name: Name, payload: ToConsole[Name]): void;
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
  /** What was typed before a reload has come back. */
  readonly onHistory: () => void;
  readonly onOffer: (offer: ToConsole["call.offer"]) => void;
  readonly onAnswer: (answer: ToConsole["call.answer"]) => void;
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
      const before = state.view.value?.seat;
      if (dutyLostBetween(before, message.view.seat)) state.dutyLost.value = true;
      else if (message.view.seat.on_duty) state.dutyLost.value = false;
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
      if (state.view.value.seat.on_duty) state.dutyLost.value = false;
      forgetFormerVisit();
    });
    deps.viewChanged(false);
  }

  // Messages about a visit travel beside the view, and may overtake it by a moment: they wait here for it.
  let visitId: string | null = null;
  let overtook: { readonly visitId: string; readonly apply: () => void }[] = [];

  /** What was typed and said of devices belongs to one visit and goes with it. */
  function forgetFormerVisit(): void {
    const current = state.view.value?.visit?.id ?? null;
    if (current === visitId) return;
    visitId = current;
    state.conversation.value = [];
    state.draft.value = "";
    state.kioskMedia.value = null;
    state.colleagueMedia.value = null;
    state.microphoneWanted.value = true;
    state.cameraWanted.value = true;
    for (const message of overtook.splice(0)) {
      if (message.visitId === visitId) message.apply();
    }
  }

  function ofVisit(id: string, apply: () => void): void {
    if (id === visitId) apply();
    else overtook = [...overtook, { visitId: id, apply }].slice(-OVERTAKING_MAX);
  }

  /** A kiosk that does not say which seat wrote a line means the one seat that it speaks with. */
  function signed(line: TextDraft): TextDraft {
    if (line.author !== "staff" || line.sender !== "") return line;
    return { ...line, sender: state.view.value?.seat.id ?? "" };
  }

  function text(message: TextDraft): void {
    ofVisit(message.visit_id, () => {
      state.conversation.value = withDraft(state.conversation.value, signed(message));
    });
  }

  function history(message: TextHistory): void {
    ofVisit(message.visit_id, () => {
      state.conversation.value = withHistory(state.conversation.value, message.entries.map(signed));
      deps.onHistory();
    });
  }

  function media({ visit_id, ...said }: CallMedia): void {
    ofVisit(visit_id, () => {
      // By its own word and not by the view, which a colleague who has just come may have overtaken.
      if (said.sender === KIOSK) state.kioskMedia.value = said;
      else state.colleagueMedia.value = said;
    });
  }

  const handlers: { readonly [Name in Incoming]: (payload: ToConsole[Name]) => void } = {
    "staff.snapshot": snapshot,
    delta,
    "call.offer": deps.onOffer,
    "call.answer": deps.onAnswer,
    "call.candidate": deps.onCandidate,
    "call.media": media,
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
