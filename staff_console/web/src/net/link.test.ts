// The connection to the server: doubted, asked for a word, and made anew without one; and tried again when it is lost.
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

const acts = new Map<string, ((argument?: unknown) => void)[]>();

/** What the library tells. */
function tells(name: string, argument?: unknown): void {
  for (const act of acts.get(name) ?? []) act(argument);
}

/** A socket whose server answers, or does not. */
const socket = {
  connected: true,
  active: true,
  id: "one",
  answers: true,
  asked: [] as string[],
  io: { on: () => {} },
  onAny: () => {},
  on: (name: string, act: () => void) => acts.set(name, [...(acts.get(name) ?? []), act]),
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

function opened(awaited = true) {
  acts.clear();
  const events = { up: vi.fn(), away: vi.fn(), refused: vi.fn(), message: vi.fn() };
  const get = vi.fn(() => Promise.reject<Response>(new TypeError("refused")));
  const deps = { awaited: () => awaited, fetch: get, chance: () => 0.999 };
  const link = createLink(() => ({ csrf: "c", seat_id: null }), events, deps);
  link.open();
  socket.connect.mockClear();
  return { link, events, get };
}

/** The server is killed: the socket ends, and the one try by a socket of its own fails. */
async function killed(): Promise<void> {
  socket.connected = false;
  tells("disconnect", "transport close");
  await vi.advanceTimersByTimeAsync(300);
  tells("connect_error", new Error("websocket error"));
}

beforeEach(() => {
  vi.useFakeTimers();
  Object.assign(socket, { connected: true, active: true, id: "one", answers: true, asked: [] });
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

describe("a connection that is lost", () => {
  const there = () => Promise.resolve(new Response(null, { status: 200 }));

  it("is made anew at once when the server is there", async () => {
    const { events, get } = opened();
    tells("disconnect", "transport close");
    expect(events.away).toHaveBeenCalledOnce();
    await vi.advanceTimersByTimeAsync(300);
    expect([socket.connect.mock.calls.length, get.mock.calls.length]).toEqual([1, 0]);
  });

  it.each([
    ["a second apart while somebody counts on the page", true, 600, 60],
    ["two seconds apart else", false, 300, 30],
  ])("has its server asked %s, however long it is away", async (_, awaited, least, within) => {
    const { get } = opened(awaited);
    await killed();
    await vi.advanceTimersByTimeAsync(600_000);
    expect(get.mock.calls.length).toBeGreaterThanOrEqual(least);
    expect(socket.connect).toHaveBeenCalledOnce(); // no socket fails that the browser would count
    const before = get.mock.calls.length;
    await vi.advanceTimersByTimeAsync(60_000);
    expect(get.mock.calls.length - before).toBeLessThanOrEqual(within + 1);
    get.mockImplementation(there);
    await vi.advanceTimersByTimeAsync(awaited ? 1_000 : 2_000);
    expect(socket.connect).toHaveBeenCalledTimes(2);
  });

  /** Killed, and back for a moment. */
  async function killedAndLetIn({ get }: ReturnType<typeof opened>, shown: boolean): Promise<void> {
    get.mockImplementation(there);
    await killed();
    await vi.advanceTimersByTimeAsync(600);
    expect(get).toHaveBeenCalledOnce();
    get.mockClear();
    socket.connected = true;
    tells("connect");
    if (shown) tells("staff.snapshot", {});
  }

  it("is tried sooner again after a view", async () => {
    const one = opened();
    await killedAndLetIn(one, true);
    await killedAndLetIn(one, true);
  });

  it("is tried at longer distances by a server that dies of letting it in", async () => {
    const one = opened();
    await killedAndLetIn(one, false);
    socket.connect.mockClear();
    tells("disconnect", "transport close");
    await vi.advanceTimersByTimeAsync(900);
    expect([one.get.mock.calls.length, socket.connect.mock.calls.length]).toEqual([0, 0]);
    await vi.advanceTimersByTimeAsync(100);
    expect(socket.connect).toHaveBeenCalledOnce();
  });

  it("is tried once at a time, although both ends of the library tell of it", async () => {
    const { get } = opened();
    await killed();
    tells("disconnect", "transport close");
    tells("connect_error", new Error("websocket error"));
    await vi.advanceTimersByTimeAsync(600);
    expect(get).toHaveBeenCalledOnce();
  });

  it("is no more tried when the page lets go, even if the answer is on its way", async () => {
    const { link, get } = opened();
    let answer: (response: Response) => void = () => {};
    get.mockImplementation(() => new Promise((resolve) => (answer = resolve)));
    await killed();
    await vi.advanceTimersByTimeAsync(600);
    link.close();
    answer(new Response(null, { status: 200 }));
    await vi.advanceTimersByTimeAsync(60_000);
    expect([get.mock.calls.length, socket.connect.mock.calls.length]).toEqual([1, 1]);
  });

  it("is the session's affair when the server turned it away", async () => {
    const { events, get } = opened();
    socket.active = false;
    tells("connect_error", Object.assign(new Error("x"), { data: { code: "not_authenticated" } }));
    await vi.advanceTimersByTimeAsync(60_000);
    expect(events.refused).toHaveBeenCalledWith("not_authenticated");
    expect([get.mock.calls.length, socket.connect.mock.calls.length]).toEqual([0, 0]);
  });

  it("is made anew when the page wakes, and not a second time when the pause would have ended", async () => {
    const { link, get } = opened();
    await killed();
    socket.connect.mockClear();
    link.wake();
    await vi.advanceTimersByTimeAsync(2_000);
    expect([get.mock.calls.length, socket.connect.mock.calls.length]).toEqual([0, 1]);
  });
});
