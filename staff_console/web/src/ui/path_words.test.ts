import { describe, expect, it } from "vitest";
import en from "../../l10n/en.ftl?raw";
import nb from "../../l10n/nb.ftl?raw";
import sv from "../../l10n/sv.ftl?raw";
import type { StaffVisit } from "../protocol/messages";
import type { CallPhase } from "../state/call";
import type { PathFacts, PathFigures } from "../state/path";
import { COVER_WORDS, figureRows, interruption, pathSentence, pathWord, secondsLeft } from "./path_words";

describe("the cover", () => {
  it.each(Object.entries({ en, nb, sv }))("has a sentence for each phase in %s", (_, source) => {
    for (const id of Object.values(COVER_WORDS)) expect(source).toContain(`\n${id} = `);
  });
});

const FIGURES: PathFigures = {
  generation: 2,
  seconds: 61,
  connectMs: 412.4,
  roundTripMs: 58.2,
  lossInPercent: 0.44,
  lossOutPercent: null,
  freezes: 3,
  frozenS: 1.24,
  concealedPercent: 0.5,
  widthReceived: 1280,
  heightReceived: 720,
  widthSent: 0,
  heightSent: 0,
  framesPerSecondReceived: 29.7,
  videoCodec: "VP8",
  audioCodec: "opus",
  estimateKbps: 2430,
  relayed: true,
  relay: "tcp",
  worst: "poor",
};
const path = (fields: Partial<PathFacts> = {}): PathFacts => ({
  quality: "good",
  fault: null,
  troubles: [],
  picturePaused: false,
  carried: false,
  figures: FIGURES,
  ...fields,
});
const visit = (fields: Partial<StaffVisit> = {}) =>
  ({
    kiosk_connected: true,
    talking_since: "2026-11-22T10:00:00Z",
    coming_back_until: null,
    ...fields,
  }) as StaffVisit;

describe("a conversation", () => {
  it("is not interrupted before it has begun", () => {
    expect(interruption(visit({ talking_since: null }), "connecting", null, "up")).toBeNull();
  });

  it("is not interrupted while its path stands, or an older one carries", () => {
    expect(interruption(visit(), "connected", path(), "up")).toBeNull();
    expect(interruption(visit(), "renewing", path({ carried: true }), "up")).toBeNull();
  });

  it("is not said to come back from a kiosk that is not ours", () => {
    expect(interruption(visit(), "unverified", path(), "up")).toBeNull();
  });

  it("that is interrupted says who is away, and until when it can come back", () => {
    const until = "2026-11-22T10:01:00Z";
    const broke = (fields: Partial<StaffVisit>, link: "up" | "away") =>
      interruption(visit({ coming_back_until: until, ...fields }), "renewing", path(), link);
    expect(broke({}, "up")).toEqual({ away: "path", until });
    expect(broke({ kiosk_connected: false }, "up")).toEqual({ away: "kiosk", until });
    expect(broke({ kiosk_connected: false }, "away")).toEqual({ away: "own", until });
  });

  it("comes back after a reload too, when no path was seen yet", () => {
    for (const phase of ["summoned", "verifying", "connecting", "shaky", "renewing"] as CallPhase[]) {
      expect(interruption(visit(), phase, null, "up"), phase).toEqual({ away: "path", until: null });
    }
  });
});

describe("the word", () => {
  it("is the path's, unless something is being mended", () => {
    expect(pathWord(null, false, false)).toBeNull();
    expect(pathWord(path({ quality: "fair" }), false, false)).toBe("fair");
    expect(pathWord(path({ quality: "fair", fault: "no_picture" }), false, true)).toBe("fault");
    expect(pathWord(path(), true, true)).toBe("back");
  });

  it("says the same as the sentence: sound only is a still of the visitor, and nothing else", () => {
    expect(pathWord(path({ quality: "sound_only" }), false, true)).toBe("sound_only");
    expect(pathWord(path({ quality: "poor" }), false, true)).toBe("sound_only");
    expect(pathWord(path({ quality: "sound_only", picturePaused: true }), false, false)).toBe("poor");
    expect(pathWord(path({ quality: "sound_only" }), false, false)).toBe("poor");
  });
});

describe("the sentence", () => {
  it("is not said of a path that serves", () => {
    expect(pathSentence(null, false)).toBeNull();
    for (const quality of ["good", "fair"] as const)
      expect(pathSentence(path({ quality }), false)).toBeNull();
  });

  it("names the picture that stands still, and does not call it sound only while the visitor moves", () => {
    expect(pathSentence(path({ quality: "poor" }), false)).toBe("path-poor");
    expect(pathSentence(path({ quality: "sound_only" }), true)).toBe("path-sound");
    expect(pathSentence(path({ quality: "good" }), true)).toBe("path-sound");
    expect(pathSentence(path({ quality: "sound_only", picturePaused: true }), false)).toBe("path-own-still");
  });

  it("is the fault's, before everything else", () => {
    expect(pathSentence(path({ quality: "poor", fault: "nothing_leaves" }), true)).toBe(
      "path-fault-nothing_leaves",
    );
  });
});

describe("the seconds that are left", () => {
  const until = "2026-11-22T10:00:30Z";
  const at = (seconds: number) => Date.parse("2026-11-22T10:00:00Z") + seconds * 1000;

  it("never rise while the same deadline holds", () => {
    const first = secondsLeft(null, until, at(10));
    expect(first.left).toBe(20);
    expect(secondsLeft(first, until, at(8)).left).toBe(20);
    expect(secondsLeft(first, until, at(11)).left).toBe(19);
    expect(secondsLeft(first, until, at(99)).left).toBe(0);
  });

  it("begin anew with a new deadline", () => {
    expect(secondsLeft({ until, left: 3 }, "2026-11-22T10:01:00Z", at(10)).left).toBe(50);
  });
});

describe("the figures", () => {
  const rows = (fields: Partial<PathFigures> = {}) =>
    new Map(figureRows({ ...FIGURES, ...fields }, (value, decimals) => value.toFixed(decimals)));

  it("stand in units", () => {
    expect(rows().get("figure-round-trip")).toEqual({ id: "figure-ms", values: { value: "58" } });
    expect(rows().get("figure-loss-in")).toEqual({ id: "figure-percent", values: { value: "0.4" } });
    expect(rows().get("figure-freezes")).toEqual({
      id: "figure-times",
      values: { times: 3, seconds: "1.2" },
    });
    expect(rows().get("figure-received")).toEqual({
      id: "figure-size-rate",
      values: { width: "1280", height: "720", rate: "30" },
    });
    expect(rows({ framesPerSecondReceived: null }).get("figure-received")?.id).toBe("figure-size");
    expect(rows().get("figure-sent")?.id).toBe("figure-no-picture");
    expect(rows().get("figure-codec")?.values).toEqual({ value: "opus, VP8" });
    expect(rows().get("figure-worst")?.id).toBe("path-word-poor");
  });

  it("say what the path is thought to carry in the unit that one reads", () => {
    expect(rows().get("figure-estimate")).toEqual({ id: "figure-mbit", values: { value: "2.4" } });
    expect(rows({ estimateKbps: 150 }).get("figure-estimate")).toEqual({
      id: "figure-kbit",
      values: { value: "150" },
    });
  });

  it("say whether media go straight, or through the relay and how", () => {
    expect(rows().get("figure-route")).toEqual({ id: "figure-relayed-by", values: { transport: "TCP" } });
    expect(rows({ relay: null }).get("figure-route")?.id).toBe("figure-relayed");
    expect(rows({ relayed: false }).get("figure-route")?.id).toBe("figure-direct");
  });

  it("that are not known are null, and none is left out", () => {
    const unknown = rows({
      roundTripMs: null,
      connectMs: null,
      estimateKbps: null,
      audioCodec: "",
      videoCodec: "",
    });
    for (const name of ["round-trip", "loss-out", "connect", "estimate", "codec"])
      expect(unknown.get(`figure-${name}`), name).toBeNull();
    expect([...unknown.keys()]).toEqual([...rows().keys()]);
  });
});
