// The life of one path of a call as this page sees it, as one complete table: (state, event) -> (state, effects).
//
// What it is for: to say what happens next, whatever comes. What it does not do: touch a peer connection, a timer
// or the network; main/call_path.ts carries the effects out. The call belongs to the visit: when a path dies, the
// same call goes on with the next generation (design.md), and whatever belongs to an older one is ignored. With a
// colleague in the conversation there is a second path beside the kiosk's, by the same table: only that nothing is
// signed between two seats, whom the server knows both, and that one of them makes the offer. While it rings, the
// kiosk's path is made ready by the same table, too: with nothing on it until the answer.

/** What this end does on a path: check and answer the kiosk's offer, answer a colleague's, or offer to a colleague. */
export type PathRole = "checks" | "answers" | "offers";

/** Where a path stands. */
export type CallPhase =
  | "none" // no such path
  | "summoned" // the other end has been asked to offer
  | "verifying" // its offer is here, its signature is being checked
  | "connecting" // answered, or offered; the path is being found
  | "connected" // media flows
  | "shaky" // the path is silent, and may come back by itself
  | "renewing" // this path is given up; the next generation has been asked for
  | "unverified"; // the offer was not signed by the kiosk's key: no connection is made

/** Why an offer was not trusted. */
export type Distrust = "signature" | "fingerprint" | "unsupported";

export interface CallState {
  readonly phase: CallPhase;
  readonly role: PathRole;
  readonly visitId: string;
  readonly generation: number;
  /** The newest generation of which an offer came before the view spoke of it; 0: none. */
  readonly early: number;
  readonly distrust: Distrust | null;
  /** It is only made ready: the visit rings here, and nobody has accepted yet. */
  readonly ringing: boolean;
}

export type CallEvent =
  /** A visit rings here, and its path is to be made ready. */
  | { readonly type: "ring"; readonly visitId: string; readonly generation: number }
  /** It rings no more, and was not accepted here. */
  | { readonly type: "ring_over" }
  /** The server has said that this seat has the visit. */
  | { readonly type: "accepted"; readonly visitId: string }
  /** The view speaks of this visit; `ours` if this very page has accepted it, or has seen the path begin. */
  | {
      readonly type: "visit";
      readonly visitId: string;
      readonly generation: number;
      readonly ours: boolean;
      readonly role: PathRole;
    }
  | { readonly type: "no_visit" }
  | { readonly type: "offer"; readonly visitId: string; readonly generation: number }
  | { readonly type: "trusted"; readonly generation: number }
  | { readonly type: "distrusted"; readonly generation: number; readonly why: Distrust }
  | { readonly type: "path"; readonly generation: number; readonly path: RTCPeerConnectionState }
  /** The path calls itself connected and does not carry. */
  | { readonly type: "fault"; readonly generation: number }
  /** It carries (again). */
  | { readonly type: "carries"; readonly generation: number }
  /** This machine is elsewhere in the network, or was asleep: the path is not worth waiting for. */
  | { readonly type: "moved" }
  /** The time given by the last `wait` is over. */
  | { readonly type: "patience_over"; readonly generation: number }
  /** The server is within reach again, or the librarian asks for another try. */
  | { readonly type: "retry" };

export type CallEffect =
  /** Ask for ICE servers, so that they are here when the offer comes. */
  | { readonly do: "prepare"; readonly visitId: string; readonly generation: number }
  | { readonly do: "verify"; readonly visitId: string; readonly generation: number }
  | { readonly do: "connect"; readonly visitId: string; readonly generation: number }
  /** Make the offer of this generation. */
  | { readonly do: "offer"; readonly visitId: string; readonly generation: number }
  /** From here on media may go and come. */
  | { readonly do: "attach"; readonly visitId: string; readonly generation: number }
  /** The next generation begins: this one goes on carrying until that one does. */
  | { readonly do: "retire" }
  | { readonly do: "close" }
  | { readonly do: "say_connected"; readonly visitId: string; readonly generation: number }
  | { readonly do: "ask_again"; readonly visitId: string; readonly generation: number }
  | { readonly do: "wait"; readonly generation: number; readonly seconds: number }
  | { readonly do: "stop_waiting" };

/** How long the other end has for its offer before the next generation is asked for. */
export const OFFER_PATIENCE_S = 10;
/** How long a path has to be found. */
export const CONNECT_PATIENCE_S = 15;
/** Chromium says "disconnected" after 6 s of silence and often finds back by itself (facts.md). */
export const SHAKY_PATIENCE_S = 4;

export const NO_CALL: CallState = {
  phase: "none",
  role: "checks",
  visitId: "",
  generation: 0,
  early: 0,
  distrust: null,
  ringing: false,
};

type Step = readonly [CallState, readonly CallEffect[]];

/** What follows from `event`. Any event that does not fit changes nothing. */
export function stepCall(state: CallState, event: CallEvent): Step {
  switch (event.type) {
    case "ring":
      return onRing(state, event);
    case "ring_over":
      return state.ringing ? [NO_CALL, [{ do: "stop_waiting" }, { do: "close" }]] : same(state);
    case "accepted":
      return state.ringing && event.visitId === state.visitId ? accepted(state) : same(state);
    case "visit":
      return onVisit(state, event);
    case "no_visit":
      return state.phase === "none" ? same(state) : [NO_CALL, [{ do: "stop_waiting" }, { do: "close" }]];
    case "offer":
      return onOffer(state, event);
    case "trusted":
      return state.phase === "verifying" && event.generation === state.generation
        ? connecting(state)
        : same(state);
    case "distrusted":
      return state.phase === "verifying" && event.generation === state.generation
        ? [{ ...state, phase: "unverified", distrust: event.why }, [{ do: "stop_waiting" }, { do: "close" }]]
        : same(state);
    case "path":
      return event.generation === state.generation ? onPath(state, event.path) : same(state);
    case "fault":
      return event.generation === state.generation && CARRYING.has(state.phase) ? renew(state) : same(state);
    case "carries":
      // The server may have begun the next generation already: then the view will say so.
      return event.generation === state.generation && state.phase === "renewing"
        ? [{ ...state, phase: "connected" }, [{ do: "stop_waiting" }]]
        : same(state);
    case "moved":
      return FOUND_HERE.has(state.phase) ? renew(state) : same(state);
    case "patience_over":
      return event.generation === state.generation && WAITING.has(state.phase) ? renew(state) : same(state);
    case "retry":
      return state.phase === "renewing" || state.phase === "unverified" ? renew(state) : same(state);
  }
}

const WAITING: ReadonlySet<CallPhase> = new Set(["summoned", "connecting", "shaky", "renewing"]);
const CARRYING: ReadonlySet<CallPhase> = new Set(["connected", "shaky"]);
/** Phases of a path that was found, or is being looked for, from where this machine was. */
const FOUND_HERE: ReadonlySet<CallPhase> = new Set(["connecting", "connected", "shaky", "renewing"]);

function same(state: CallState): Step {
  return [state, []];
}

function onRing(state: CallState, { visitId, generation }: Extract<CallEvent, { type: "ring" }>): Step {
  // Whoever is in a conversation is not made ready for another.
  if (state.phase !== "none" && !state.ringing) return same(state);
  const known = state.ringing && state.visitId === visitId;
  if (known && generation <= state.generation) return same(state);
  const early = state.visitId === visitId ? state.early : 0;
  const next: CallState = { ...NO_CALL, phase: "summoned", visitId, generation, early, ringing: true };
  const prepared: CallEffect[] = [
    ...(state.ringing ? ([{ do: "stop_waiting" }, { do: "close" }] as const) : []),
    { do: "prepare", visitId, generation },
  ];
  if (early !== generation) return [next, prepared];
  const [taken, effects] = takeOffer(next);
  return [taken, [...prepared, ...effects]];
}

/** What was made ready is the call's path now, however far it has come. */
function accepted(before: CallState): Step {
  const { visitId, generation, phase } = before;
  const state: CallState = { ...before, ringing: false };
  const attach: CallEffect = { do: "attach", visitId, generation };
  switch (phase) {
    case "connected":
      return [state, [attach, { do: "say_connected", visitId, generation }]];
    case "summoned":
      return [state, [attach, { do: "wait", generation, seconds: OFFER_PATIENCE_S }]];
    case "renewing": {
      const [next, effects] = renew(state);
      return [next, [attach, ...effects]];
    }
    default:
      return [state, [attach]];
  }
}

function onVisit(before: CallState, event: Extract<CallEvent, { type: "visit" }>): Step {
  const { visitId, generation, ours, role } = event;
  if (before.ringing && before.visitId === visitId && before.generation === generation)
    return accepted(before);
  // Another path than the one that was made ready: the plain way.
  const state = before.ringing ? { ...before, ringing: false } : before;
  const known = state.phase !== "none" && state.visitId === visitId;
  if (known && generation <= state.generation) return same(before);
  if (generation < 1) {
    return state.phase === "none" ? same(state) : [NO_CALL, [{ do: "stop_waiting" }, { do: "close" }]];
  }
  const early = state.visitId === visitId ? state.early : 0;
  const leaving: CallEffect[] =
    state.phase === "none"
      ? []
      : [{ do: "stop_waiting" }, { do: known && !before.ringing ? "retire" : "close" }];
  // A visit that this page neither accepted nor knew: the page was reloaded, its path died with it.
  if (!known && !ours) {
    const [next, effects] = renew({ ...NO_CALL, role, visitId, generation });
    // The servers are asked for beside, so that they are here when the next generation is.
    return [next, [...leaving, { do: "prepare", visitId, generation }, ...effects]];
  }
  const next: CallState = { ...NO_CALL, phase: "summoned", role, visitId, generation, early };
  const prepared: CallEffect[] = [...leaving, { do: "prepare", visitId, generation }];
  if (role === "offers") {
    return [
      { ...next, phase: "connecting" },
      [
        ...prepared,
        { do: "offer", visitId, generation },
        { do: "wait", generation, seconds: CONNECT_PATIENCE_S },
      ],
    ];
  }
  if (early === generation) {
    const [taken, effects] = takeOffer(next);
    return [taken, [...prepared, ...effects]];
  }
  return [next, [...prepared, { do: "wait", generation, seconds: OFFER_PATIENCE_S }]];
}

function onOffer(state: CallState, event: Extract<CallEvent, { type: "offer" }>): Step {
  const { visitId, generation } = event;
  if (state.phase === "none") return [{ ...state, visitId, early: generation }, []];
  if (visitId !== state.visitId || generation < state.generation) return same(state);
  if (generation > state.generation) return [{ ...state, early: Math.max(state.early, generation) }, []];
  if (state.phase !== "summoned") return same(state);
  const [taken, effects] = takeOffer(state);
  return [taken, [{ do: "stop_waiting" }, ...effects]];
}

/** The offer is here: a kiosk's is looked at first. */
function takeOffer(state: CallState): Step {
  const { visitId, generation } = state;
  if (state.role === "checks") {
    return [{ ...state, phase: "verifying" }, [{ do: "verify", visitId, generation }]];
  }
  return connecting(state);
}

function connecting(state: CallState): Step {
  const { visitId, generation } = state;
  return [
    { ...state, phase: "connecting" },
    [
      { do: "connect", visitId, generation },
      { do: "wait", generation, seconds: CONNECT_PATIENCE_S },
    ],
  ];
}

function onPath(state: CallState, path: RTCPeerConnectionState): Step {
  const { visitId, generation } = state;
  switch (state.phase) {
    case "connecting":
    case "shaky":
      if (path === "connected") {
        const said: CallEffect[] =
          state.phase === "connecting" && !state.ringing
            ? [{ do: "say_connected", visitId, generation }]
            : [];
        return [{ ...state, phase: "connected" }, [{ do: "stop_waiting" }, ...said]];
      }
      return path === "failed" ? renew(state) : same(state);
    case "connected":
      if (path === "disconnected") {
        return [{ ...state, phase: "shaky" }, [{ do: "wait", generation, seconds: SHAKY_PATIENCE_S }]];
      }
      return path === "failed" ? renew(state) : same(state);
    default:
      return same(state);
  }
}

/** Ask for the next generation. This one may come back meanwhile, and carries what it can until that one does. */
function renew(state: CallState): Step {
  const { visitId, generation } = state;
  // While it rings one asks once: whoever answers then does not wait for what was made ready.
  if (state.ringing) {
    const asked = state.phase === "renewing" ? [] : [{ do: "ask_again", visitId, generation } as const];
    return [{ ...state, phase: "renewing" }, [{ do: "stop_waiting" }, ...asked]];
  }
  return [
    { ...state, phase: "renewing", distrust: null },
    [
      { do: "ask_again", visitId, generation },
      { do: "wait", generation, seconds: OFFER_PATIENCE_S },
    ],
  ];
}
