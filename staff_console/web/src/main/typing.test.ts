import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { FromConsole, StaffView } from "../protocol/messages";
import { createConsole } from "../state/console";
import { withDraft } from "../state/text";
import { createTyping } from "./typing";

type Draft = FromConsole["text.draft"]["payload"];

function desk(kioskConnected = true) {
  const state = createConsole({ language: "sv", theme: "system", shortcuts: true }, 0);
  const sent: Draft[] = [];
  let reachable = true;
  const link = {
    send: (_name: string, payload: unknown) => {
      sent.push(payload as Draft);
      return reachable ? Promise.resolve({}) : Promise.reject(new Error("no answer"));
    },
  };
  const visit = (id: string, connected = kioskConnected) => {
    state.view.value = {
      seat: { id: "seat-1" },
      visit: { id, kiosk_connected: connected },
    } as unknown as StaffView;
  };
  visit("visit-1");
  return {
    state,
    sent,
    visit,
    typing: createTyping(state, link as never),
    cut: () => {
      reachable = false;
    },
    mend: () => {
      reachable = true;
    },
    texts: () => sent.map((draft) => draft.text),
  };
}

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

describe("typing", () => {
  it("sends the first letter at once and the rest well within half a second", () => {
    const { typing, texts } = desk();
    for (const text of ["H", "He", "Hej"]) typing.type(text);
    expect(texts()).toEqual(["H"]);
    vi.advanceTimersByTime(100);
    expect(texts()).toEqual(["H", "Hej"]);
    vi.advanceTimersByTime(1000);
    expect(texts()).toEqual(["H", "Hej"]);
  });

  it("stays far below the server's rate however fast one types", () => {
    const { typing, sent } = desk();
    for (let n = 0; n < 200; n++) {
      typing.type("x".repeat(n + 1));
      vi.advanceTimersByTime(10);
    }
    expect(sent.length).toBeLessThanOrEqual(2 * 15);
  });

  it("ends a line and begins the next one", () => {
    const { state, typing, sent } = desk();
    typing.type("Hej ");
    typing.sendLine();
    typing.type("D");
    expect(sent.map(({ entry, text, done }) => [entry, text, done])).toEqual([
      [1, "Hej ", false],
      [1, "Hej", true],
      [2, "D", false],
    ]);
    expect(state.conversation.value.map((line) => line.done)).toEqual([true, false]);
  });

  it("ends no line that is empty", () => {
    const { typing, sent } = desk();
    typing.type("  ");
    typing.sendLine();
    expect(sent.every((draft) => !draft.done)).toBe(true);
  });

  it("shows the other end that a line was taken back", () => {
    const { typing, texts } = desk();
    typing.type("x");
    typing.type("");
    vi.advanceTimersByTime(100);
    expect(texts()).toEqual(["x", ""]);
  });

  it("begins at 1 with the next visitor", () => {
    const { state, typing, sent, visit } = desk();
    typing.type("Hej");
    state.conversation.value = [];
    visit("visit-2");
    vi.advanceTimersByTime(100);
    typing.type("Nytt");
    expect(sent.at(-1)).toMatchObject({ visit_id: "visit-2", entry: 1, text: "Nytt" });
  });

  it("sends nothing when there is nobody to read it", () => {
    const { state, typing, sent } = desk();
    state.view.value = null;
    typing.type("x");
    expect(sent).toEqual([]);
  });
});

describe("what may not have arrived", () => {
  it("goes out again when our own connection is back", async () => {
    const { typing, sent, texts, cut, mend } = desk();
    cut();
    typing.type("Hej");
    await vi.advanceTimersByTimeAsync(100);
    mend();
    sent.length = 0;
    typing.resend();
    expect(texts()).toEqual(["Hej"]);
    typing.resend();
    expect(texts()).toEqual(["Hej"]);
  });

  it("goes out again when the kiosk is back", () => {
    const { typing, sent, texts, visit } = desk(false);
    typing.type("Hej");
    visit("visit-1", true);
    sent.length = 0;
    typing.resend();
    expect(texts()).toEqual(["Hej"]);
  });

  it("is nothing when all was well", () => {
    const { typing, sent } = desk();
    typing.type("Hej");
    sent.length = 0;
    typing.resend();
    expect(sent).toEqual([]);
  });
});

describe("after a reload", () => {
  it("goes on with the line that was not finished", () => {
    const { state, typing, sent } = desk();
    state.conversation.value = withDraft([], {
      author: "staff",
      sender: "seat-1",
      entry: 3,
      text: "Jag let",
      done: false,
    });
    typing.adopt();
    expect(state.draft.value).toBe("Jag let");
    typing.type("Jag letar");
    expect(sent.at(-1)).toMatchObject({ entry: 3, text: "Jag letar" });
  });

  it.each([
    ["nothing was typed", []],
    [
      "the last line was finished",
      [{ author: "staff", sender: "seat-1", entry: 3, text: "Hej", done: true }],
    ],
    ["only a colleague typed", [{ author: "staff", sender: "seat-2", entry: 1, text: "Hej", done: false }]],
    ["only the visitor typed", [{ author: "visitor", sender: "kiosk", entry: 1, text: "Hej", done: false }]],
  ] as const)("begins anew when %s", (_, lines) => {
    const { state, typing } = desk();
    state.conversation.value = lines;
    typing.adopt();
    expect(state.draft.value).toBe("");
  });
});
