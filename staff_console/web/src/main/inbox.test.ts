import { describe, expect, it, vi } from "vitest";
import type { StaffSnapshot, StaffView, StaffVisit } from "../protocol/messages";
import { createConsole } from "../state/console";
import { createInbox } from "./inbox";

const SERVER_TIME = "2026-03-02T10:00:05.000Z";
const OUR_TIME = Date.parse("2026-03-02T10:00:00.000Z");

const view = (visitId: string | null): StaffView =>
  ({
    seat: { id: "seat-1", on_duty: true },
    line: {},
    colleagues: {},
    services: {},
    visit: visitId === null ? null : ({ id: visitId, state: "talking" } as StaffVisit),
  }) as unknown as StaffView;

const snapshot = (revision: number, visitId: string | null = null): StaffSnapshot => ({
  protocol: 1,
  revision,
  server_time: SERVER_TIME,
  view: view(visitId),
});
const delta = (revision: number, set: Record<string, unknown> = {}) => ({ revision, set, put: {}, drop: {} });
const draft = (visitId: string, text: string) =>
  ({ visit_id: visitId, entry: 1, text, done: false, author: "visitor", sender: "kiosk" }) as const;

function desk() {
  const state = createConsole({ language: "sv", theme: "system", shortcuts: true }, OUR_TIME);
  const heard = {
    requestSnapshot: vi.fn(),
    viewChanged: vi.fn(),
    onHistory: vi.fn(),
    onOffer: vi.fn(),
    onAnswer: vi.fn(),
    onCandidate: vi.fn(),
  };
  return { state, heard, inbox: createInbox({ state, clock: () => OUR_TIME, ...heard }) };
}

describe("the view", () => {
  it("is the snapshot, then each delta in turn", () => {
    const { state, heard, inbox } = desk();
    inbox.message("staff.snapshot", snapshot(4));
    inbox.message("delta", delta(5, { offer: { id: "offer-1" } }));
    expect(state.view.value?.offer?.id).toBe("offer-1");
    expect(heard.viewChanged.mock.calls).toEqual([[true], [false]]);
    expect(heard.requestSnapshot).not.toHaveBeenCalled();
  });

  it.each([3, 4, 6])("asks for a snapshot, once, when revision %i follows 4", (revision) => {
    const { state, heard, inbox } = desk();
    inbox.message("staff.snapshot", snapshot(4));
    inbox.message("delta", delta(revision, { offer: { id: "wrong" } }));
    inbox.message("delta", delta(revision + 1, { offer: { id: "wrong too" } }));
    expect(heard.requestSnapshot).toHaveBeenCalledTimes(1);
    expect(state.view.value?.offer).toBeUndefined();
    inbox.message("staff.snapshot", snapshot(9));
    inbox.message("delta", delta(10, { offer: { id: "right" } }));
    expect(state.view.value?.offer?.id).toBe("right");
  });

  it("takes no delta before the snapshot of a new connection", () => {
    const { state, heard, inbox } = desk();
    inbox.message("delta", delta(1));
    inbox.message("staff.snapshot", snapshot(4));
    inbox.expectSnapshot();
    inbox.message("delta", delta(5, { offer: { id: "of the old connection" } }));
    expect(state.view.value?.offer).toBeUndefined();
    expect(heard.requestSnapshot).not.toHaveBeenCalled();
  });

  it("goes by the server's clock", () => {
    const { state, inbox } = desk();
    inbox.message("staff.snapshot", snapshot(0));
    expect(inbox.clockOffsetMs()).toBe(5000);
    expect(state.nowMs.value).toBe(Date.parse(SERVER_TIME));
  });
});

describe("duty", () => {
  const seen = (seat: object) => ({
    ...snapshot(0),
    view: { ...view(null), seat: { off_duty_cause: null, ...seat } } as unknown as StaffView,
  });

  it("that was lost while the page was away is told as that, until it is back", () => {
    const { state, inbox } = desk();
    inbox.message("staff.snapshot", seen({ id: "seat-1", on_duty: true }));
    inbox.expectSnapshot();
    inbox.message("staff.snapshot", seen({ id: "seat-2", on_duty: false }));
    expect(state.dutyLost.value).toBe(true);
    inbox.message("delta", delta(1, { seat: { id: "seat-2", on_duty: true } }));
    expect(state.dutyLost.value).toBe(false);
  });

  it.each([
    ["in the same seat", { id: "seat-1", on_duty: false }],
    ["with a cause of its own", { id: "seat-2", on_duty: false, off_duty_cause: "no_sign" }],
    ["not at all", { id: "seat-2", on_duty: true }],
  ])("that ended %s is not", (_, after) => {
    const { state, inbox } = desk();
    inbox.message("staff.snapshot", seen({ id: "seat-1", on_duty: true }));
    inbox.message("staff.snapshot", seen(after));
    expect(state.dutyLost.value).toBe(false);
  });
});

describe("what belongs to a visit", () => {
  it("goes with it", () => {
    const { state, inbox } = desk();
    inbox.message("staff.snapshot", snapshot(0, "visit-1"));
    inbox.message("text.draft", draft("visit-1", "Hej"));
    inbox.message("call.media", { visit_id: "visit-1", camera_sending: true } as never);
    state.draft.value = "half a line";
    state.cameraWanted.value = false;
    inbox.message("delta", delta(1, { visit: null }));
    expect(state.conversation.value).toEqual([]);
    expect(state.kioskMedia.value).toBeNull();
    expect(state.draft.value).toBe("");
    expect(state.cameraWanted.value).toBe(true);
  });

  it("stays over a reconnect", () => {
    const { state, inbox } = desk();
    inbox.message("staff.snapshot", snapshot(0, "visit-1"));
    inbox.message("text.draft", draft("visit-1", "Hej"));
    inbox.expectSnapshot();
    inbox.message("staff.snapshot", snapshot(0, "visit-1"));
    expect(state.conversation.value).toHaveLength(1);
  });

  it("waits for the view when it overtook it, and is dropped when another visit comes", () => {
    const { state, inbox } = desk();
    inbox.message("staff.snapshot", snapshot(0));
    inbox.message("text.draft", draft("visit-1", "Hej"));
    inbox.message("text.draft", draft("visit-9", "somebody else"));
    inbox.message("delta", delta(1, { visit: { id: "visit-1" } }));
    expect(state.conversation.value.map((line) => line.text)).toEqual(["Hej"]);
    inbox.message("delta", delta(2, { visit: { id: "visit-9" } }));
    expect(state.conversation.value).toEqual([]);
  });

  it("comes back as history, and says so", () => {
    const { state, heard, inbox } = desk();
    inbox.message("staff.snapshot", snapshot(0, "visit-1"));
    inbox.message("text.history", { visit_id: "visit-1", entries: [draft("visit-1", "Hej")] });
    expect(state.conversation.value).toHaveLength(1);
    expect(heard.onHistory).toHaveBeenCalledTimes(1);
  });

  it("that a seat wrote is that of this seat when the kiosk does not say whose", () => {
    const { state, inbox } = desk();
    inbox.message("staff.snapshot", snapshot(0, "visit-1"));
    const own = { ...draft("visit-1", "Jag"), author: "staff", sender: "" } as const;
    const colleague = { ...own, text: "Kollegan", sender: "seat-2" };
    inbox.message("text.history", { visit_id: "visit-1", entries: [own, colleague] });
    expect(state.conversation.value.map((line) => line.sender)).toEqual(["seat-1", "seat-2"]);
  });

  it("of the call goes to the call", () => {
    const { heard, inbox } = desk();
    inbox.message("call.offer", { visit_id: "visit-1" } as never);
    inbox.message("call.answer", { visit_id: "visit-1" } as never);
    inbox.message("call.candidate", { visit_id: "visit-1" } as never);
    expect(heard.onOffer).toHaveBeenCalledTimes(1);
    expect(heard.onAnswer).toHaveBeenCalledTimes(1);
    expect(heard.onCandidate).toHaveBeenCalledTimes(1);
  });
});
