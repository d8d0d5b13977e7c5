// What a path is like, in words for people and in figures for the record.
//
// The same rule stands in the kiosk (kiosk/core/path_quality.py), and one table of cases keeps the two alike
// (tests/contract/paths/quality.json). What it does not do: keep anything beyond the path.
import type { PathQuality } from "../protocol/messages";
import type { PeerStats } from "./stats";

/** A word is judged over so long: short enough to be now, long enough not to flicker. */
const WINDOW_S = 5;
/** Before so much of it has been seen, the word stays: a single packet lost of twelve is no tenth of a path. */
const JUDGED_FROM_S = 2;
/** A better word is shown only after the path has deserved it for so long. */
const BETTER_AFTER_S = 4;
/**
 * A still that moves again is counted as a freeze of its whole length, with the first picture after it; that picture
 * comes within this time. What stood still on purpose does not make a path poor.
 */
const STILL_COUNTED_S = 2;
/** From here on it is fair, and from there on poor: parts lost, parts invented, milliseconds, parts of the time. */
const LOSS = [0.03, 0.1] as const;
const CONCEALED = [0.02, 0.08] as const;
const ROUND_TRIP_MS = [300, 600] as const;
const FROZEN = [0.05, 0.15] as const;
/**
 * So many round trips are kept for the record's median; when there are as many, every second one goes, and from then
 * on only every second look is kept: the whole of a call, however long, in a value that is cheap to copy.
 */
const TRIPS_KEPT = 128;

/** From best to worst. */
const ORDER: readonly PathQuality[] = ["good", "fair", "poor", "sound_only"];

interface Look {
  readonly atS: number;
  readonly stats: PeerStats;
}

/** What was seen of one path from its connection on. */
export interface PathMemory {
  /** The figures of the last seconds. */
  readonly looks: readonly Look[];
  /** The word that stands on the screen. */
  readonly quality: PathQuality;
  /** Since when the path has deserved a better one; null: it does not. */
  readonly betterS: number | null;
  /** The worst word that stood there. */
  readonly worst: PathQuality;
  /** When one of the two pictures was last given up for the sound. */
  readonly stillS: number | null;
  /** Round trips for the record, evenly of the whole time. */
  readonly tripsMs: readonly number[];
  readonly tripsSeen: number;
  /** One of so many is kept. */
  readonly tripsEach: number;
}

export const NOTHING_REMEMBERED: PathMemory = {
  looks: [],
  quality: "good",
  betterS: null,
  worst: "good",
  stillS: null,
  tripsMs: [],
  tripsSeen: 0,
  tripsEach: 1,
};

/**
 * Take one more look in.
 *
 * @param nowS Monotonic.
 * @param soundOnly One of the two pictures was given up for the sound.
 */
export function remember(before: PathMemory, stats: PeerStats, nowS: number, soundOnly: boolean): PathMemory {
  const looks = [...before.looks.filter((look) => nowS - look.atS <= WINDOW_S), { atS: nowS, stats }];
  const stillS = soundOnly ? nowS : before.stillS;
  const deserved = soundOnly ? "sound_only" : deservedOf(looks, before.quality, stillS);
  const [quality, betterS] = wordNow(before, deserved, nowS);
  let { tripsMs, tripsSeen, tripsEach } = before;
  if (stats.roundTripMs !== null) {
    if (tripsSeen % tripsEach === 0) tripsMs = [...tripsMs, stats.roundTripMs];
    tripsSeen += 1;
    if (tripsMs.length === TRIPS_KEPT) {
      tripsMs = tripsMs.filter((_, index) => index % 2 === 0);
      tripsEach *= 2;
    }
  }
  const worst = worseOf(before.worst, quality);
  return { looks, quality, betterS, worst, stillS, tripsMs, tripsSeen, tripsEach };
}

/** The median round trip so far, ms; null: not one is known. It sorts, so it is not for each look. */
export function roundTripMs(memory: PathMemory): number | null {
  return median(memory.tripsMs);
}

/** `of / whole` between 0 and 1; 0 of nothing. */
export function part(of: number, whole: number): number {
  return whole > 0 ? Math.min(1, Math.max(0, of / whole)) : 0;
}

function worseOf(one: PathQuality, other: PathQuality): PathQuality {
  return ORDER.indexOf(other) > ORDER.indexOf(one) ? other : one;
}

/** The word that stands now, and since when a better one has been deserved. A worse one stands at once. */
function wordNow(before: PathMemory, deserved: PathQuality, nowS: number): [PathQuality, number | null] {
  if (worseOf(before.quality, deserved) === deserved) return [deserved, null];
  const betterS = before.betterS ?? nowS;
  return nowS - betterS >= BETTER_AFTER_S ? [deserved, null] : [before.quality, betterS];
}

function deservedOf(looks: readonly Look[], untilThen: PathQuality, stillS: number | null): PathQuality {
  const [first, last] = [looks[0], looks.at(-1)];
  if (first === undefined || last === undefined || last.atS - first.atS < JUDGED_FROM_S) return untilThen;
  const [was, is] = [first.stats, last.stats];
  const lost = is.packetsLost - was.packetsLost;
  const arrived = is.packetsReceived - was.packetsReceived;
  if (arrived <= 0) return "poor"; // sound goes all the time, silence too
  const trips = looks.flatMap((look) => look.stats.roundTripMs ?? []);
  const marks: readonly (readonly [number, readonly [number, number]])[] = [
    [part(lost, lost + arrived), LOSS],
    [part(is.packetsLostThere - was.packetsLostThere, is.packetsSent - was.packetsSent), LOSS],
    [part(is.samplesConcealed - was.samplesConcealed, is.samplesPlayed - was.samplesPlayed), CONCEALED],
    [median(trips) ?? 0, ROUND_TRIP_MS],
    [frozenPart(looks, stillS), FROZEN],
  ];
  const worst = Math.max(
    ...marks.map(([value, [fair, poor]]) => Number(value >= fair) + Number(value >= poor)),
  );
  return ORDER[worst] ?? "poor";
}

/** The part of the time that the picture was frozen, of the time that it should have moved. */
function frozenPart(looks: readonly Look[], stillS: number | null): number {
  const moving = looks.filter((look) => stillS === null || look.atS - stillS > STILL_COUNTED_S);
  const [first, last] = [moving[0], moving.at(-1)];
  if (first === undefined || last === undefined || last.atS - first.atS < JUDGED_FROM_S) return 0;
  return part(last.stats.frozenS - first.stats.frozenS, last.atS - first.atS);
}

function median(values: readonly number[]): number | null {
  if (values.length === 0) return null;
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] as number;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] as number) + upper) / 2;
}
