// Doubting the connection to the server: asked for a word, and made anew without one.
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

/** A socket whose server answers, or does not. */
const socket = {
  connected: true,
  id: "one",
  answers: true,
  asked: [] as string[],
  io: { on: () => {} },
  onAny: () => {},
  on: () => {},
  disconnect: vi.fn(() => socket),
  connect: vi.fn(() => socket),
  timeout: (ms: number) => ({
    emitWithAck: (name: string) => {
      socket.asked.push(name);
      if (socket.answers) return Promise.resolve({ ok: true, data: {} });
      return new Promise((_, refuse) => setTimeout(() => refuse(new Error("timeout")), ms));
    },
  }),
};
vi.mock("socket.io-client", () => ({ io: () => socket }));
const { createLink } = await import("./link");

function opened() {
  const events = { up: vi.fn(), away: vi.fn(), refused: vi.fn(), message: vi.fn() };
  const link = createLink(() => ({ csrf: "c", seat_id: null }), events);
  link.open();
  socket.connect.mockClear();
  return { link, events };
}

beforeEach(() => {
  vi.useFakeTimers();
  Object.assign(socket, { connected: true, id: "one", answers: true, asked: [] });
  socket.disconnect.mockClear();
  socket.connect.mockClear();
});
afterEach(() => {
  vi.useRealTimers();
});

describe("a connection that is doubted", () => {
  it("and answers is left alone, and not asked again at once", async () => {
    const { link, events } = opened();
    link.probe();
    await vi.advanceTimersByTimeAsync(1_500);
    link.probe();
    expect(socket.asked).toEqual(["snapshot.request"]);
    expect([events.away.mock.calls.length, socket.connect.mock.calls.length]).toEqual([0, 0]);
    await vi.advanceTimersByTimeAsync(2_000);
    link.probe();
    expect(socket.asked).toHaveLength(2);
  });

  it("and says nothing for a second is made anew", async () => {
    const { link, events } = opened();
    socket.answers = false;
    link.probe();
    await vi.advanceTimersByTimeAsync(900);
    expect(socket.disconnect).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(200);
    expect([events.away.mock.calls.length, socket.disconnect.mock.calls.length]).toEqual([1, 1]);
    expect(socket.connect).toHaveBeenCalledTimes(1);
  });

  it("and was made anew meanwhile is the new one's affair", async () => {
    const { link } = opened();
    socket.answers = false;
    link.probe();
    socket.id = "two";
    await vi.advanceTimersByTimeAsync(1_500);
    expect(socket.disconnect).not.toHaveBeenCalled();
  });

  it.each([
    ["is being made already", { connected: false }],
    ["was never opened", { connected: true }],
  ])("and %s is not asked", (name, is) => {
    const { link } = opened();
    Object.assign(socket, is);
    if (name.startsWith("was")) link.close();
    link.probe();
    expect(socket.asked).toEqual([]);
  });
});
