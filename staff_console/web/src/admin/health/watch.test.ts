import { describe, expect, it } from "vitest";
import type { HealthView, OrderRow } from "../../protocol/messages";
import type { Problem } from "../api";
import type { HealthApi } from "./api";
import { createHealthWatch, LOOK_EVERY_MS, LOOK_SOON_MS } from "./watch";

const NOW = "2026-03-02T10:00:00Z";
const AWAY: Problem = { code: "no_answer", field: "", data: {} };

/** A server whose answers a test holds back, and a clock that it turns by hand. */
class Stage implements HealthApi {
  view: HealthView = { now: NOW, anybody_told: true, quiet: false, kiosks: [], alerts: [] };
  refuse: Problem | null = null;
  looks = 0;
  readonly done: unknown[][] = [];
  readonly timers: { ms: number; act: () => void }[] = [];
  readonly held: (() => void)[] = [];
  hold = false;
  readonly watch = createHealthWatch({
    api: this,
    later: (act, ms) => {
      const timer = { ms, act };
      this.timers.push(timer);
      return () => {
        this.timers.splice(this.timers.indexOf(timer), 1);
      };
    },
  });

  async health() {
    this.looks += 1;
    const answer = this.view;
    if (this.hold) await new Promise<void>((go) => this.held.push(go));
    if (this.refuse) throw this.refuse;
    return answer;
  }
  async history() {
    return { kiosk_id: "k", points: [] };
  }
  async order(...asked: unknown[]) {
    this.done.push(asked);
    if (this.refuse) throw this.refuse;
    return {} as OrderRow;
  }
  async lock(...asked: unknown[]) {
    this.done.push(asked);
  }
  async unlock(...asked: unknown[]) {
    this.done.push(asked);
  }
  async setPin(...asked: unknown[]) {
    this.done.push(asked);
  }
  problem(error: unknown) {
    return error as Problem;
  }

  /** Let what was begun go on until it waits again. */
  async settle() {
    for (let turn = 0; turn < 10; turn += 1) await Promise.resolve();
  }
  async tick() {
    this.timers.shift()?.act();
    await this.settle();
  }
  ask(state: OrderRow["state"], asked_at: string) {
    this.view = { ...this.view, kiosks: [{ orders: [{ state, asked_at }] }] } as unknown as HealthView;
  }
}

describe("the look at all kiosks", () => {
  it("is taken at once, and again every five seconds", async () => {
    const stage = new Stage();
    stage.watch.begin(() => true);
    await stage.settle();
    expect(stage.watch.view.value).toEqual(stage.view);
    expect(stage.timers.map(({ ms }) => ms)).toEqual([LOOK_EVERY_MS]);
    await stage.tick();
    expect(stage.looks).toBe(2);
  });

  it("is not taken while nobody can see it, and is when somebody can again", async () => {
    const stage = new Stage();
    let seen = false;
    stage.watch.begin(() => seen);
    await stage.settle();
    await stage.tick();
    expect(stage.looks).toBe(0);
    seen = true;
    await stage.tick();
    expect(stage.looks).toBe(1);
  });

  it("ends when the page is left, also while an answer is on its way", async () => {
    const stage = new Stage();
    stage.hold = true;
    const end = stage.watch.begin(() => true);
    end();
    for (const go of stage.held) go();
    await stage.settle();
    expect(stage.timers).toEqual([]);
  });

  it("keeps what was told last when the server is away, and forgets the trouble when it is back", async () => {
    const stage = new Stage();
    await stage.watch.look();
    stage.refuse = AWAY;
    await stage.watch.look();
    expect(stage.watch.problem.value).toEqual(AWAY);
    expect(stage.watch.view.value?.now).toBe(NOW);
    stage.refuse = null;
    await stage.watch.look();
    expect(stage.watch.problem.value).toBeNull();
  });

  it("does not take an old answer that comes after a newer one", async () => {
    const stage = new Stage();
    stage.hold = true;
    const old = stage.watch.look();
    stage.view = { ...stage.view, now: "2026-03-02T10:00:05Z" };
    const young = stage.watch.look();
    stage.held[1]?.();
    await young;
    stage.held[0]?.();
    await old;
    expect(stage.watch.view.value?.now).toBe("2026-03-02T10:00:05Z");
  });

  it.each([
    ["asked", NOW, LOOK_SOON_MS],
    ["taken", NOW, LOOK_SOON_MS],
    ["done", NOW, LOOK_EVERY_MS],
    ["asked", "2026-03-02T09:55:00Z", LOOK_EVERY_MS],
  ] as const)("with an order %s at %s comes again after %d ms", async (state, askedAt, expected) => {
    const stage = new Stage();
    stage.ask(state, askedAt);
    stage.watch.begin(() => true);
    await stage.settle();
    expect(stage.timers.map(({ ms }) => ms)).toEqual([expected]);
  });
});

describe("what is asked of a kiosk", () => {
  it("is sent, looked after, and said to be kept", async () => {
    const stage = new Stage();
    expect(await stage.watch.order("k", "test")).toBe(true);
    await stage.watch.lock("k", { sv: "Vi lagar" });
    await stage.watch.unlock("k");
    await stage.watch.setPin("k", "123456");
    expect(stage.done).toEqual([["k", "test"], ["k", { sv: "Vi lagar" }], ["k"], ["k", "123456"]]);
    expect(stage.looks).toBe(4);
    expect(stage.watch.act.value).toEqual({ kioskId: "k", name: "pin", state: "kept", problem: null });
  });

  it("is one thing at a time", async () => {
    const stage = new Stage();
    const first = stage.watch.order("k", "test");
    expect(await stage.watch.order("k", "reload")).toBe(false);
    await first;
    expect(stage.done).toEqual([["k", "test"]]);
  });

  it("that the server refuses says so where it was asked", async () => {
    const stage = new Stage();
    stage.refuse = { code: "forbidden", field: "", data: {} };
    expect(await stage.watch.order("k", "restart_machine")).toBe(false);
    expect(stage.watch.act.value).toEqual({
      kioskId: "k",
      name: "restart_machine",
      state: "refused",
      problem: stage.refuse,
    });
  });
});
