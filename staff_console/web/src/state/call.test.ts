import { describe, expect, it } from "vitest";
import {
  type CallEffect,
  type CallEvent,
  type CallPhase,
  type CallState,
  NO_CALL,
  type PathRole,
  stepCall,
} from "./call";

const VISIT = "visit-1";
const at = (phase: CallPhase, generation = 1): CallState =>
  phase === "none"
    ? NO_CALL
    : {
        phase,
        role: "checks",
        visitId: VISIT,
        generation,
        early: 0,
        distrust: phase === "unverified" ? "signature" : null,
        ringing: false,
      };
/** The same while it rings, before anybody has accepted. */
const ringingAt = (phase: CallPhase, generation = 1): CallState => ({
  ...at(phase, generation),
  ringing: true,
});

const visit = (generation: number, ours = false, visitId = VISIT, role: PathRole = "checks"): CallEvent => ({
  type: "visit",
  visitId,
  generation,
  ours,
  role,
});
const offer = (generation: number, visitId = VISIT): CallEvent => ({ type: "offer", visitId, generation });
const path = (state: RTCPeerConnectionState, generation = 1): CallEvent => ({
  type: "path",
  generation,
  path: state,
});
const fault = (generation = 1): CallEvent => ({ type: "fault", generation });
const carries = (generation = 1): CallEvent => ({ type: "carries", generation });
const ring = (generation: number, visitId = VISIT): CallEvent => ({ type: "ring", visitId, generation });
const accepted = (visitId = VISIT): CallEvent => ({ type: "accepted", visitId });
const over = (generation = 1): CallEvent => ({ type: "patience_over", generation });
const does = (effects: readonly CallEffect[]) => effects.map((effect) => effect.do);

/** Play events one after the other; the last state and all effects. */
function play(...events: CallEvent[]): [CallState, string[]] {
  let state = NO_CALL;
  const done: string[] = [];
  for (const event of events) {
    const [next, effects] = stepCall(state, event);
    state = next;
    done.push(...does(effects));
  }
  return [state, done];
}

const EVENTS: Readonly<Record<string, CallEvent>> = {
  same_visit: visit(1),
  next_generation: visit(2),
  other_visit: visit(1, true, "visit-2"),
  no_visit: { type: "no_visit" },
  offer: offer(1),
  early_offer: offer(2),
  stale_offer: offer(0),
  trusted: { type: "trusted", generation: 1 },
  distrusted: { type: "distrusted", generation: 1, why: "signature" },
  connected: path("connected"),
  disconnected: path("disconnected"),
  failed: path("failed"),
  stale_path: path("failed", 9),
  ring: ring(2),
  other_ring: ring(1, "visit-2"),
  ring_over: { type: "ring_over" },
  accepted: accepted(),
  accepted_other: accepted("visit-2"),
  fault: fault(),
  stale_fault: fault(9),
  carries: carries(),
  stale_carries: carries(9),
  moved: { type: "moved" },
  patience_over: over(),
  retry: { type: "retry" },
};
type EventName = keyof typeof EVENTS;

// Every phase × event. A name: the phase that follows; ".": nothing changes.
const TABLE: Readonly<Record<CallPhase, Readonly<Record<EventName, CallPhase | ".">>>> = {
  // A visit that this page has not accepted was there before a reload: its path is gone.
  none: row({
    same_visit: "renewing",
    next_generation: "renewing",
    other_visit: "summoned",
    ring: "summoned",
    other_ring: "summoned",
  }),
  summoned: row({
    next_generation: "summoned",
    other_visit: "summoned",
    no_visit: "none",
    offer: "verifying",
    patience_over: "renewing",
  }),
  verifying: row({
    next_generation: "summoned",
    other_visit: "summoned",
    no_visit: "none",
    trusted: "connecting",
    distrusted: "unverified",
  }),
  connecting: row({
    next_generation: "summoned",
    other_visit: "summoned",
    no_visit: "none",
    connected: "connected",
    failed: "renewing",
    patience_over: "renewing",
    moved: "renewing",
  }),
  connected: row({
    next_generation: "summoned",
    other_visit: "summoned",
    no_visit: "none",
    disconnected: "shaky",
    failed: "renewing",
    fault: "renewing",
    moved: "renewing",
  }),
  shaky: row({
    next_generation: "summoned",
    other_visit: "summoned",
    no_visit: "none",
    connected: "connected",
    failed: "renewing",
    patience_over: "renewing",
    fault: "renewing",
    moved: "renewing",
  }),
  renewing: row({
    next_generation: "summoned",
    other_visit: "summoned",
    no_visit: "none",
    patience_over: "renewing",
    retry: "renewing",
    carries: "connected",
    moved: "renewing",
  }),
  unverified: row({
    next_generation: "summoned",
    other_visit: "summoned",
    no_visit: "none",
    retry: "renewing",
  }),
};

function row(changes: Partial<Record<EventName, CallPhase>>): Record<EventName, CallPhase | "."> {
  return Object.fromEntries(Object.keys(EVENTS).map((name) => [name, changes[name] ?? "."]));
}

// The same while it rings. What appears as this visit, or is accepted, is the call's from then on.
const RINGING: Readonly<Record<Exclude<CallPhase, "none">, Readonly<Record<EventName, CallPhase | ".">>>> = {
  summoned: ringingRow({ accepted: "summoned", offer: "verifying", patience_over: "renewing" }),
  verifying: ringingRow({ accepted: "verifying", trusted: "connecting", distrusted: "unverified" }),
  connecting: ringingRow({
    accepted: "connecting",
    connected: "connected",
    failed: "renewing",
    patience_over: "renewing",
    moved: "renewing",
  }),
  connected: ringingRow({
    accepted: "connected",
    disconnected: "shaky",
    failed: "renewing",
    fault: "renewing",
    moved: "renewing",
  }),
  shaky: ringingRow({
    accepted: "shaky",
    connected: "connected",
    failed: "renewing",
    patience_over: "renewing",
    fault: "renewing",
    moved: "renewing",
  }),
  renewing: ringingRow({
    accepted: "renewing",
    patience_over: "renewing",
    retry: "renewing",
    carries: "connected",
    moved: "renewing",
  }),
  unverified: ringingRow({ accepted: "unverified", retry: "renewing" }),
};

function ringingRow(changes: Partial<Record<EventName, CallPhase>>): Record<EventName, CallPhase | "."> {
  const visits = { next_generation: "summoned", other_visit: "summoned", no_visit: "none" } as const;
  const rings = { ring: "summoned", other_ring: "summoned", ring_over: "none" } as const;
  return row({ ...visits, ...rings, same_visit: changes.accepted as CallPhase, ...changes });
}

describe("every phase × event while it rings", () => {
  const cells = Object.entries(RINGING).flatMap(([phase, events]) =>
    Object.entries(events).map(([event, next]) => [phase as CallPhase, event, next] as const),
  );
  it.each(cells)("%s × %s → %s", (phase, event, next) => {
    const before = ringingAt(phase);
    const [after, effects] = stepCall(before, EVENTS[event] as CallEvent);
    expect(after.phase).toBe(next === "." ? phase : next);
    if (next === ".") expect(effects).toEqual([]);
    const begins = ["same_visit", "next_generation", "other_visit", "no_visit", "ring_over", "accepted"];
    expect(after.ringing).toBe(!begins.includes(event));
    // Nothing may go or come before somebody has accepted.
    const attached = event === "same_visit" || event === "accepted";
    expect(does(effects).includes("attach")).toBe(attached);
    if (!attached) expect(does(effects)).not.toContain("say_connected");
  });
});

describe("every phase × event", () => {
  const cells = Object.entries(TABLE).flatMap(([phase, events]) =>
    Object.entries(events).map(([event, next]) => [phase as CallPhase, event, next] as const),
  );
  it.each(cells)("%s × %s → %s", (phase, event, next) => {
    const before = at(phase);
    const [after, effects] = stepCall(before, EVENTS[event] as CallEvent);
    expect(after.phase).toBe(next === "." ? phase : next);
    if (next === ".") {
      expect(effects).toEqual([]);
      expect(after.generation).toBe(before.generation);
    }
    if (next === "unverified") expect(after.distrust).toBe("signature");
    else if (next !== ".") expect(after.distrust).toBeNull();
  });
});

describe("a call", () => {
  it("goes from accept to picture in one line", () => {
    const [state, done] = play(
      visit(1, true),
      offer(1),
      { type: "trusted", generation: 1 },
      path("connecting"),
      path("connected"),
    );
    expect(state.phase).toBe("connected");
    expect(done).toEqual([
      "prepare",
      "wait",
      "stop_waiting",
      "verify",
      "connect",
      "wait",
      "stop_waiting",
      "say_connected",
    ]);
  });

  it("takes an offer that overtook the view", () => {
    const [state, done] = play(offer(1), visit(1, true));
    expect(state.phase).toBe("verifying");
    expect(done).toEqual(["prepare", "verify"]);
  });

  it("takes an offer of the next generation that overtook the view", () => {
    const [state] = play(visit(1, true), offer(2), visit(2));
    expect([state.phase, state.generation]).toEqual(["verifying", 2]);
  });

  it("forgets an offer that overtook another visit", () => {
    const [state] = play(offer(1, "visit-9"), visit(1, true));
    expect(state.phase).toBe("summoned");
  });

  it("waits for a visit that has no generation yet", () => {
    const [state, done] = play(visit(0, true));
    expect([state.phase, done]).toEqual(["none", []]);
  });

  it("gives up one whose next visit has no generation yet", () => {
    const [state, done] = play(visit(1, true), visit(0, true, "visit-2"));
    expect(state.phase).toBe("none");
    expect(done.slice(-2)).toEqual(["stop_waiting", "close"]);
  });

  it("does not say twice that it is connected when a weak line came back", () => {
    const [, done] = play(
      visit(1, true),
      offer(1),
      { type: "trusted", generation: 1 },
      path("connected"),
      path("disconnected"),
      path("connected"),
    );
    expect(done.filter((one) => one === "say_connected")).toHaveLength(1);
  });

  it("keeps the last picture until the next generation is there", () => {
    const [before, done] = play(
      visit(1, true),
      offer(1),
      { type: "trusted", generation: 1 },
      path("connected"),
      path("failed"),
    );
    expect(before.phase).toBe("renewing");
    expect(done).not.toContain("close");
    expect(does(stepCall(before, visit(2))[1])).toEqual(["stop_waiting", "retire", "prepare", "wait"]);
  });

  it("makes no connection when the offer is not trusted", () => {
    const [state, done] = play(visit(1, true), offer(1), {
      type: "distrusted",
      generation: 1,
      why: "fingerprint",
    });
    expect([state.phase, state.distrust]).toEqual(["unverified", "fingerprint"]);
    expect(done).not.toContain("connect");
  });

  it("asks for a path of its own after a reload", () => {
    const [state, effects] = stepCall(NO_CALL, visit(3));
    expect([state.phase, state.generation]).toEqual(["renewing", 3]);
    expect(effects).toContainEqual({ do: "ask_again", visitId: VISIT, generation: 3 });
    expect(does(effects)).toContain("prepare");
  });

  it("goes on where it was when its path carries again before anybody has begun another", () => {
    const [state, done] = play(
      visit(1, true),
      offer(1),
      { type: "trusted", generation: 1 },
      path("connected"),
      fault(),
      carries(),
    );
    expect([state.phase, state.generation]).toEqual(["connected", 1]);
    expect(done.slice(-3)).toEqual(["ask_again", "wait", "stop_waiting"]);
  });

  it("lets go of everything at once when it is over, whatever still carries", () => {
    const [, done] = play(
      visit(1, true),
      offer(1),
      { type: "trusted", generation: 1 },
      path("connected"),
      visit(2),
      {
        type: "no_visit",
      },
    );
    expect(done.filter((one) => one === "retire")).toHaveLength(1);
    expect(done.at(-1)).toBe("close");
  });

  it("answers nothing of an older generation", () => {
    const now = at("connecting", 5);
    for (const event of [visit(4), offer(4), path("failed", 4), over(4)]) {
      expect(stepCall(now, event)).toEqual([now, []]);
    }
  });
});

describe("a path that is made ready while it rings", () => {
  const ready: CallEvent[] = [ring(4), offer(4), { type: "trusted", generation: 4 }, path("connected", 4)];

  it("is there before the answer, and nothing has been said or attached", () => {
    const [state, done] = play(...ready);
    expect([state.phase, state.ringing]).toEqual(["connected", true]);
    expect(done).toEqual(["prepare", "stop_waiting", "verify", "connect", "wait", "stop_waiting"]);
  });

  it("is the call's own from the moment that the seat has the visit, and is attached once", () => {
    const [state, done] = play(...ready, accepted(), visit(4, true));
    expect([state.phase, state.ringing, state.generation]).toEqual(["connected", false, 4]);
    expect(done.slice(-2)).toEqual(["attach", "say_connected"]);
  });

  it("is the call's own when the view is sooner than the acknowledgement", () => {
    const [, done] = play(...ready, visit(4, true), accepted());
    expect(done.slice(-2)).toEqual(["attach", "say_connected"]);
  });

  it("makes way for the plain way when the visit goes on with another number", () => {
    const [state, done] = play(...ready, accepted(), visit(5, true));
    expect([state.phase, state.generation]).toEqual(["summoned", 5]);
    expect(done.slice(-4)).toEqual(["stop_waiting", "retire", "prepare", "wait"]);
    const [, unattached] = play(...ready, visit(5, true));
    expect(unattached.slice(-4)).toEqual(["stop_waiting", "close", "prepare", "wait"]);
  });

  it("goes on being looked for after the answer when it was not ready", () => {
    const [state, done] = play(ring(4), accepted());
    expect([state.phase, done.slice(-2)]).toEqual(["summoned", ["attach", "wait"]]);
    const [late] = play(ring(4), accepted(), offer(4), { type: "trusted", generation: 4 });
    expect(late.phase).toBe("connecting");
  });

  it("is asked for anew once when it fails, and again by whoever answers meanwhile", () => {
    const [state, done] = play(
      ring(4),
      offer(4),
      { type: "trusted", generation: 4 },
      path("failed", 4),
      over(4),
    );
    expect([state.phase, done.filter((one) => one === "ask_again")]).toEqual(["renewing", ["ask_again"]]);
    expect(does(stepCall(state, accepted())[1])).toEqual(["attach", "ask_again", "wait"]);
    expect(does(stepCall(state, ring(5))[1])).toEqual(["stop_waiting", "close", "prepare"]);
  });

  it("takes an offer that overtook the ring", () => {
    const [state, done] = play(offer(4), ring(4));
    expect([state.phase, state.ringing, done]).toEqual(["verifying", true, ["prepare", "verify"]]);
  });

  it("is not made for somebody who is in a conversation", () => {
    const talking = at("connected");
    expect(stepCall(talking, ring(7, "visit-2"))).toEqual([talking, []]);
  });

  it("is known already when the same ring is seen again", () => {
    const [before] = play(...ready);
    expect(stepCall(before, ring(4))).toEqual([before, []]);
  });
});

describe("a path between two seats", () => {
  const joins = (generation: number, role: PathRole, ours = true) => visit(generation, ours, VISIT, role);

  it("is offered at once by the one who offers, and nothing is verified", () => {
    const [state, done] = play(joins(3, "offers"), path("connecting", 3), path("connected", 3));
    expect([state.phase, state.generation]).toEqual(["connected", 3]);
    expect(done).toEqual(["prepare", "offer", "wait", "stop_waiting", "say_connected"]);
  });

  it("is answered by the other without a signature", () => {
    const [state, done] = play(joins(3, "answers"), offer(3), path("connected", 3));
    expect(state.phase).toBe("connected");
    expect(done).toEqual([
      "prepare",
      "wait",
      "stop_waiting",
      "connect",
      "wait",
      "stop_waiting",
      "say_connected",
    ]);
  });

  it("takes an offer that overtook the view", () => {
    const [state, done] = play(offer(3), joins(3, "answers"));
    expect([state.phase, done]).toEqual(["connecting", ["prepare", "connect", "wait"]]);
  });

  it("does not take an offer where it makes one", () => {
    const [before] = play(joins(3, "offers"));
    expect(stepCall(before, offer(3))).toEqual([before, []]);
  });

  it("cannot be trusted into being: there is nothing to verify", () => {
    const [before] = play(joins(3, "answers"));
    expect(stepCall(before, { type: "trusted", generation: 3 })).toEqual([before, []]);
  });

  it("is built anew with the next generation when it dies, by the same one", () => {
    const [state, done] = play(joins(3, "offers"), path("failed", 3), joins(4, "offers"));
    expect([state.phase, state.generation]).toEqual(["connecting", 4]);
    expect(done.slice(3)).toEqual([
      "ask_again",
      "wait",
      "stop_waiting",
      "retire",
      "prepare",
      "offer",
      "wait",
    ]);
  });

  it("asks for a path of its own after a reload", () => {
    const [state, done] = play(joins(3, "offers", false));
    expect([state.phase, state.role, done]).toEqual(["renewing", "offers", ["prepare", "ask_again", "wait"]]);
  });

  it("is asked for anew when the colleague does not answer in time", () => {
    const [before] = play(joins(3, "offers"));
    expect(does(stepCall(before, over(3))[1])).toEqual(["ask_again", "wait"]);
  });
});
