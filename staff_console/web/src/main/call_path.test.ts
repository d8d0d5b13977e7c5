// One path over its generations, with connections that only pretend: what is shown, what is asked, what is told.
import { signal } from "@preact/signals";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Limits, Outgoing, PeerEvents, StatsEntry } from "../media/peer";
import type { IceServers } from "../protocol/messages";
import { type CallState, NO_CALL } from "../state/call";
import type { PathFacts } from "../state/path";

class FakePeer {
  sent: Outgoing = { audio: null, video: null };
  limits: Limits | null = null;
  closed = false;
  audioReceived = 0;
  audioLost = 0;
  /** Share of what comes. */
  loss = 0;
  heldBackMs: number | null | undefined;
  saysTwice = false;
  /** Of what we send: what the other end misses. */
  lostThere = 0;
  framesDecoded = 0;
  audioSent = 0;
  estimate = 2_000_000;
  constructor(
    readonly ice: IceServers,
    readonly events: PeerEvents,
  ) {
    peers.push(this);
  }
  answer = async () => "answer";
  offer = async () => "offer";
  accept = async () => {};
  addCandidate = async () => {};
  shrink() {}
  limit(limits: Limits) {
    this.limits = limits;
  }
  holdBack(milliseconds: number | null) {
    this.heldBackMs = milliseconds;
  }
  async sayTwice(twice: boolean) {
    this.saysTwice = twice;
  }
  async send(outgoing: Outgoing) {
    this.sent = outgoing;
  }
  async stats(): Promise<StatsEntry[]> {
    return [
      {
        id: "A",
        type: "inbound-rtp",
        kind: "audio",
        packetsReceived: this.audioReceived,
        packetsLost: this.audioLost,
      },
      { id: "V", type: "inbound-rtp", kind: "video", framesDecoded: this.framesDecoded },
      { id: "O", type: "outbound-rtp", kind: "audio", packetsSent: this.audioSent },
      { id: "R", type: "remote-inbound-rtp", kind: "audio", packetsLost: this.lostThere },
      { id: "T", type: "transport", selectedCandidatePairId: "P" },
      {
        id: "P",
        type: "candidate-pair",
        availableOutgoingBitrate: this.estimate,
        currentRoundTripTime: 0.06,
      },
    ];
  }
  close() {
    this.closed = true;
  }
  /** The path is there, and both tracks. */
  up() {
    for (const kind of ["audio", "video"]) this.events.track({ kind } as MediaStreamTrack);
    this.events.state("connected");
  }
}

const peers: FakePeer[] = [];
vi.mock("../media/peer", () => ({
  NOTHING: { audio: null, video: null },
  createPeer: (ice: IceServers, events: PeerEvents) => new FakePeer(ice, events),
}));
vi.mock("../media/verify", () => ({ verifyOffer: async () => ({ ok: true, sdp: "trusted" }) }));
const { createCallPath } = await import("./call_path");

const VISIT = "visit-1";
const OURS = { audio: { kind: "audio" }, video: { kind: "video" } } as unknown as Outgoing;

function desk() {
  const said: [string, Record<string, unknown>][] = [];
  const link = {
    send: vi.fn(async (name: string, payload: object) => {
      said.push([name, payload as Record<string, unknown>]);
      return {};
    }),
    probe: vi.fn(),
  };
  const call = signal<CallState>(NO_CALL);
  const stream = signal<MediaStream | null>(null);
  const facts = signal<PathFacts | null>(null);
  const outgoing = vi.fn(() => OURS);
  const met = vi.fn();
  let picture: "none" | "moving" | "paused" = "moving";
  const path = createCallPath({
    link: link as never,
    subtle: {} as SubtleCrypto,
    nowS: () => Date.now() / 1000,
    call,
    stream,
    facts,
    kioskKey: () => "key",
    outgoing,
    soundRuns: () => true,
    theirPicture: () => picture,
    mayPause: true,
    met,
  });
  /** Let time pass; `flowing` connections carry sound and picture meanwhile. */
  async function pass(seconds: number, ...flowing: FakePeer[]) {
    for (let step = 0; step < seconds * 20; step++) {
      for (const peer of peers) peer.audioSent += 3;
      for (const peer of flowing) {
        peer.audioReceived += 3;
        peer.audioLost += 3 * peer.loss;
        peer.framesDecoded += 1;
      }
      await vi.advanceTimersByTimeAsync(50);
    }
  }
  async function offered(generation: number) {
    path.offer({ visit_id: VISIT, generation, sdp: "o", fingerprint: "f", signature: "s" });
    await vi.advanceTimersByTimeAsync(1);
    return peers.at(-1) as FakePeer;
  }
  function visit(generation: number) {
    path.feed({ type: "visit", visitId: VISIT, generation, ours: true, role: "checks" });
  }
  /** A conversation on generation 1, well under way. */
  async function talk() {
    visit(1);
    const peer = await offered(1);
    peer.up();
    await pass(3, peer);
    return peer;
  }
  const names = () => said.map(([name]) => name);
  const of = (name: string) => said.filter(([one]) => one === name).map(([, payload]) => payload);
  return {
    path,
    link,
    call,
    stream,
    facts,
    outgoing,
    met,
    pass,
    offered,
    visit,
    talk,
    names,
    of,
    says: (next: typeof picture) => {
      picture = next;
    },
  };
}

beforeEach(() => {
  vi.useFakeTimers();
  peers.splice(0);
  vi.stubGlobal(
    "MediaStream",
    class {
      tracks: unknown[] = [];
      addTrack(track: unknown) {
        this.tracks.push(track);
      }
      getTracks() {
        return this.tracks;
      }
    },
  );
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

describe("a path that is made ready while it rings", () => {
  it("opens nothing, sends nothing, shows nothing, and tells nobody of itself", async () => {
    const { path, call, stream, facts, outgoing, pass, offered, names } = desk();
    path.feed({ type: "ring", visitId: VISIT, generation: 4 });
    const peer = await offered(4);
    peer.up();
    await pass(5);
    expect(outgoing).not.toHaveBeenCalled();
    expect([call.value, stream.value, facts.value]).toEqual([NO_CALL, null, null]);
    expect(names()).toEqual(["call.ice", "call.answer"]);
    path.feed({ type: "ring_over" });
    expect(peer.closed).toBe(true);
    expect(names()).not.toContain("call.quality");
  });

  it("is attached in the very moment in which the seat has the visit", async () => {
    const { path, call, stream, offered, visit, of } = desk();
    path.feed({ type: "ring", visitId: VISIT, generation: 4 });
    const peer = await offered(4);
    peer.up();
    path.feed({ type: "accepted", visitId: VISIT });
    expect(peer.sent).toEqual(OURS);
    expect(stream.value?.getTracks()).toHaveLength(2);
    expect([call.value.phase, call.value.generation]).toEqual(["connected", 4]);
    visit(4);
    expect(of("call.connected")).toEqual([{ visit_id: VISIT, generation: 4 }]);
    expect(peers).toHaveLength(1);
  });

  it("uses what it was given for its call: nobody is asked twice", async () => {
    const { path, offered, visit, of } = desk();
    path.feed({ type: "ring", visitId: VISIT, generation: 4 });
    visit(5);
    await offered(5);
    expect(of("call.ice")).toHaveLength(1);
  });
});

describe("a path that calls itself connected and does not carry", () => {
  it("is asked for anew after two seconds, and the link to the server is looked at before", async () => {
    const { call, facts, link, pass, talk, of } = desk();
    await talk();
    expect(link.probe).not.toHaveBeenCalled();
    await pass(1.6);
    expect(link.probe).toHaveBeenCalled();
    expect(of("call.again")).toEqual([]);
    await pass(1);
    expect(of("call.again")).toEqual([{ visit_id: VISIT, generation: 1 }]);
    expect([call.value.phase, facts.value?.fault, facts.value?.carried]).toEqual([
      "renewing",
      "nothing_arrives",
      false,
    ]);
  });

  it("is talked on again when it comes back by itself", async () => {
    const { call, facts, pass, talk } = desk();
    const peer = await talk();
    await pass(3);
    expect(call.value.phase).toBe("renewing");
    await pass(1, peer);
    expect([call.value.phase, facts.value?.fault]).toEqual(["connected", null]);
  });

  it("without a picture is asked for anew at once, and again only after a while", async () => {
    const { facts, pass, talk, visit, offered, of } = desk();
    const first = await talk();
    const soundOnly = async (peer: FakePeer, seconds: number) => {
      for (let step = 0; step < seconds * 20; step++) {
        peer.audioReceived += 3;
        await pass(0.05);
      }
    };
    await soundOnly(first, 4);
    expect(of("call.again")).toHaveLength(1);
    expect(facts.value?.carried).toBe(false);
    visit(2);
    const second = await offered(2);
    second.up();
    await soundOnly(second, 5);
    expect(of("call.again")).toHaveLength(1);
    expect(facts.value?.fault).toBe("no_picture");
    await soundOnly(second, 6);
    expect(of("call.again")).toHaveLength(2);
  });

  it("is not missed a picture that the other end has given up for the sound", async () => {
    const { says, facts, pass, talk, of } = desk();
    const peer = await talk();
    says("paused");
    for (let step = 0; step < 200; step++) {
      peer.audioReceived += 3;
      await pass(0.05);
    }
    expect(of("call.again")).toEqual([]);
    expect(facts.value?.quality).toBe("sound_only");
  });
});

describe("the next generation", () => {
  it("takes over when it delivers, and until then the old one is sent to and shown", async () => {
    const { path, facts, stream, outgoing, pass, talk, visit, offered } = desk();
    const old = await talk();
    const before = stream.value;
    visit(2);
    const next = await offered(2);
    next.up();
    await pass(0.5, old);
    expect([stream.value === before, old.closed, facts.value?.figures.generation]).toEqual([true, false, 1]);
    const other = { audio: OURS.audio, video: null };
    outgoing.mockReturnValue(other);
    path.attach();
    expect([old.sent, next.sent]).toEqual([other, other]);
    await pass(0.5, old, next);
    expect([stream.value === before, old.closed]).toEqual([false, true]);
    await pass(1, next);
    expect(facts.value?.figures.generation).toBe(2);
  });

  it("says that the old one still carries while it is built", async () => {
    const { facts, pass, talk, visit } = desk();
    const old = await talk();
    visit(2);
    await pass(1, old);
    expect(facts.value?.carried).toBe(true);
    await pass(1);
    expect(facts.value?.carried).toBe(false);
  });

  it("waits no longer than 15 s with the old one open", async () => {
    const { pass, talk, visit } = desk();
    const old = await talk();
    visit(2);
    await pass(14, old);
    expect(old.closed).toBe(false);
    await pass(1.5, old);
    expect(old.closed).toBe(true);
  });

  it("that never carried leaves its place to the one before it", async () => {
    const { pass, talk, visit, offered } = desk();
    const old = await talk();
    visit(2);
    const failed = await offered(2);
    failed.events.state("failed");
    visit(3);
    await pass(1, old);
    expect([old.closed, failed.closed]).toEqual([false, true]);
  });

  it("takes over without a picture when sound comes and the picture does not", async () => {
    const { stream, pass, talk, visit, offered } = desk();
    const old = await talk();
    const before = stream.value;
    visit(2);
    const next = await offered(2);
    next.up();
    for (let step = 0; step < 60; step++) {
      next.audioReceived += 3;
      await pass(0.05, old);
    }
    expect([stream.value === before, old.closed]).toEqual([false, true]);
  });

  it("is over with its visit, and the one before it", async () => {
    const { path, stream, facts, talk, visit, offered } = desk();
    const old = await talk();
    visit(2);
    const next = await offered(2);
    path.feed({ type: "no_visit" });
    expect([old.closed, next.closed, stream.value, facts.value]).toEqual([true, true, null, null]);
  });
});

describe("a path that gets thin", () => {
  it("carries less of the picture, then a still, which the other end is told, and comes back", async () => {
    const { path, facts, met, pass, talk } = desk();
    const peer = await talk();
    peer.estimate = 300_000;
    await pass(4, peer);
    expect(peer.limits).toMatchObject({ widthMax: 640, still: false });
    peer.estimate = 90_000;
    met.mockClear();
    await pass(3, peer);
    expect([peer.limits?.still, path.picturePaused(), facts.value?.picturePaused]).toEqual([
      true,
      true,
      true,
    ]);
    expect(facts.value?.quality).toBe("sound_only");
    expect(met).toHaveBeenCalledTimes(1);
    peer.estimate = 2_000_000;
    await pass(12, peer);
    expect([peer.limits?.still, peer.limits?.widthMax, path.picturePaused()]).toEqual([false, null, false]);
  });
});

describe("a path that loses packets", () => {
  it("holds back what it receives, so that it can come again, and no longer when the losses are over", async () => {
    const { pass, talk } = desk();
    const peer = await talk();
    peer.loss = 0.06;
    await pass(10, peer);
    expect(peer.heldBackMs).toBe(150);
    peer.loss = 0;
    await pass(12, peer);
    expect(peer.heldBackMs).toBeNull();
  });
});

describe("a path that loses what we say", () => {
  it("hears everything twice, and once again when it is well", async () => {
    const { pass, talk } = desk();
    const peer = await talk();
    await pass(8, peer);
    expect(peer.saysTwice).toBe(false);
    peer.lostThere = 40;
    await pass(1, peer);
    expect(peer.saysTwice).toBe(true);
    await pass(12, peer);
    expect(peer.saysTwice).toBe(false);
  });
});

describe("the record of a path", () => {
  it("is told now and then, and at its end", async () => {
    const { path, pass, talk, of } = desk();
    const peer = await talk();
    await pass(18, peer);
    expect(of("call.quality")).toHaveLength(1);
    path.feed({ type: "no_visit" });
    expect(of("call.quality")).toHaveLength(2);
    expect(of("call.quality").at(-1)).toMatchObject({
      visit_id: VISIT,
      generation: 1,
      faults: [],
      troubles: [],
    });
  });

  it("names what was wrong with it, and what kept it from being found", async () => {
    const { path, pass, talk, of } = desk();
    const peer = await talk();
    peer.events.trouble("relay_refused");
    await pass(3);
    path.feed({ type: "no_visit" });
    expect(of("call.quality").at(-1)).toMatchObject({
      faults: ["nothing_arrives"],
      troubles: ["relay_refused"],
    });
  });
});
