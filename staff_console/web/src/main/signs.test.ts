import { describe, expect, it } from "vitest";
import type { StaffView } from "../protocol/messages";
import { createConsole } from "../state/console";
import { createSigns } from "./signs";

function desk(seat: object = {}) {
  const state = createConsole({ language: "sv", theme: "system", shortcuts: true }, 0);
  state.link.value = "up";
  state.view.value = {
    seat: { on_duty: true, silent: false, asked_until: null, ...seat },
  } as unknown as StaffView;
  const listeners = new Map<string, (event: { isTrusted: boolean }) => void>();
  const window = { addEventListener: (name: string, act: never) => listeners.set(name, act) };
  const sent: string[] = [];
  let now = 1_000_000;
  let reachable = true;
  const signs = createSigns({
    state,
    link: {
      send: (name: string) => {
        sent.push(name);
        return reachable ? Promise.resolve({}) : Promise.reject(new Error("no answer"));
      },
    } as never,
    window: window as never,
    clock: () => now,
  });
  return {
    state,
    signs,
    sent,
    hand: (name: string, isTrusted = true) => listeners.get(name)?.({ isTrusted }),
    later: (ms: number) => {
      now += ms;
    },
    cut: () => {
      reachable = false;
    },
  };
}

describe("a hand", () => {
  it("is said to the server, and then not for a while", () => {
    const { hand, sent, later } = desk();
    hand("pointermove");
    later(60_000);
    hand("keydown");
    expect(sent).toEqual(["seat.sign"]);
    later(180_000);
    hand("wheel");
    expect(sent).toHaveLength(2);
  });

  it("that no person moved is none", () => {
    const { hand, sent } = desk();
    hand("keydown", false);
    expect(sent).toEqual([]);
  });

  it("says nothing while the server is away", () => {
    const { state, hand, sent } = desk();
    state.link.value = "away";
    hand("keydown");
    expect(sent).toEqual([]);
  });

  it("says it again when it did not arrive", async () => {
    const { hand, sent, cut } = desk();
    cut();
    hand("keydown");
    await Promise.resolve();
    await Promise.resolve();
    hand("keydown");
    expect(sent).toHaveLength(2);
  });

  it("that presses the button which says so says it once", () => {
    const { hand, signs, sent, later } = desk({ asked_until: "2026-03-02T10:00:00Z" });
    hand("pointerdown");
    later(120);
    signs.say();
    expect(sent).toHaveLength(1);
  });
});
