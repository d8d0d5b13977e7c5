import { describe, expect, it, vi } from "vitest";
import type { StaffView } from "../protocol/messages";
import { createConsole } from "../state/console";
import { watchSleep } from "./sleep";

function desk(seat: object = { on_duty: true }) {
  const state = createConsole({ language: "sv", theme: "system", shortcuts: true }, 0);
  state.view.value = { seat, visit: null } as unknown as StaffView;
  const page = new Map<string, () => void>();
  const own = new Map<string, (event: { persisted: boolean }) => void>();
  const window = {
    document: { addEventListener: (name: string, act: () => void) => page.set(name, act) },
    addEventListener: (name: string, act: never) => own.set(name, act),
  };
  const link = { wake: vi.fn() };
  const equipment = { wake: vi.fn(() => Promise.resolve()) };
  const call = { moved: vi.fn() };
  let now = 0;
  const second = watchSleep({ state, link, equipment, call, window: window as never, clock: () => now });
  return {
    link,
    equipment,
    call,
    resume: () => page.get("resume")?.(),
    show: (persisted: boolean) => own.get("pageshow")?.({ persisted }),
    after: (ms: number) => {
      now += ms;
      second();
    },
  };
}

describe("a page that was asleep", () => {
  it.each([
    ["was frozen", (one: ReturnType<typeof desk>) => one.resume()],
    ["was kept for the way back", (one: ReturnType<typeof desk>) => one.show(true)],
    ["lay under a closed lid", (one: ReturnType<typeof desk>) => one.after(3_600_000)],
  ])("because it %s looks at its connection and its devices", (_, wake) => {
    const one = desk();
    wake(one);
    expect(one.link.wake).toHaveBeenCalledTimes(1);
    expect(one.equipment.wake).toHaveBeenCalledTimes(1);
    expect(one.call.moved).toHaveBeenCalledTimes(1);
  });

  it("opens no camera off duty", () => {
    const one = desk({ on_duty: false });
    one.resume();
    expect(one.link.wake).toHaveBeenCalledTimes(1);
    expect(one.equipment.wake).not.toHaveBeenCalled();
  });

  it("is not one that is shown for the first time, nor one whose seconds pass", () => {
    const one = desk();
    one.show(false);
    for (let n = 0; n < 30; n++) one.after(1_000);
    expect(one.link.wake).not.toHaveBeenCalled();
    expect(one.call.moved).not.toHaveBeenCalled();
  });
});
