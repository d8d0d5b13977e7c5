// Whether a path that calls itself connected really carries sound and picture.
//
// What it is for: nothing dies silently. Both ends send sound all the time, silence too, so a path on which no sound
// comes is dead, whatever its connection says. The same rule stands in the kiosk (kiosk/core/path_watch.py), and one
// table of cases keeps the two alike (tests/contract/paths/watch.json). What it does not do: mend anything.
import type { PathFault } from "../protocol/messages";
import type { PeerStats } from "./stats";

/** No sound for this long is a fault. */
export const FAULT_AFTER_S = 2;
/** No picture for this long is one; longer, because a poor path may need a moment for it that sound does not. */
export const NO_PICTURE_AFTER_S = 3;
/**
 * On a path that is known to be poor. Where much is lost, what is missing is the path: a new one would be no wider, and
 * would begin with more than it carries (measured: five in 45 s, each of which drowned the sound anew).
 */
export const NO_PICTURE_WHERE_POOR_S = 10;
/**
 * Nobody has looked for longer than this: a page that was held up, a laptop that slept. What came meanwhile nobody
 * knows, so all times begin anew. (A tab in the background may still look once a second.)
 */
export const NOBODY_LOOKED_S = 1.5;
/** A picture that does not come is no reason for a new path again so soon: the camera itself may be what fails. */
export const NO_PICTURE_AGAIN_S = 10;

/** What should be seen on a path now. */
export interface Expected {
  /** This end has media on the path, and the other end was told or can tell: sound goes both ways. */
  readonly attached: boolean;
  /** The other end says that it sends a picture that moves. */
  readonly picture: boolean;
  /** The path is known to be poor. */
  readonly poor: boolean;
}

/** What was seen last of one path, and when there was last nothing wrong with it. */
export interface PathWatch {
  /** Null before the first look, which can find no fault. */
  readonly lookedS: number | null;
  readonly heard: number;
  readonly heardS: number;
  readonly said: number;
  readonly saidS: number;
  readonly seen: number;
  readonly seenS: number;
  readonly fault: PathFault | null;
}

export const NOTHING_WATCHED: PathWatch = {
  lookedS: null,
  heard: 0,
  heardS: 0,
  said: 0,
  saidS: 0,
  seen: 0,
  seenS: 0,
  fault: null,
};

type Counters = Pick<PeerStats, "audioPacketsReceived" | "audioPacketsSent" | "framesDecoded">;

/**
 * Look at a connected path once more.
 *
 * @param expected What should be so. What is not expected is as if it had just been seen: its time begins when it is.
 * @param nowS Monotonic.
 */
export function watchPath(before: PathWatch, stats: Counters, expected: Expected, nowS: number): PathWatch {
  const anew = before.lookedS === null || nowS - before.lookedS > NOBODY_LOOKED_S;
  const since = (wanted: boolean, count: number, last: number, lastS: number) =>
    wanted && !anew && count === last ? lastS : nowS;
  const heardS = since(expected.attached, stats.audioPacketsReceived, before.heard, before.heardS);
  const saidS = since(expected.attached, stats.audioPacketsSent, before.said, before.saidS);
  const seenS = since(expected.picture, stats.framesDecoded, before.seen, before.seenS);
  let fault: PathFault | null = null;
  if (nowS - heardS >= FAULT_AFTER_S) fault = "nothing_arrives";
  else if (nowS - saidS >= FAULT_AFTER_S) fault = "nothing_leaves";
  else if (nowS - seenS >= (expected.poor ? NO_PICTURE_WHERE_POOR_S : NO_PICTURE_AFTER_S))
    fault = "no_picture";
  return {
    lookedS: nowS,
    heard: stats.audioPacketsReceived,
    heardS,
    said: stats.audioPacketsSent,
    saidS,
    seen: stats.framesDecoded,
    seenS,
    fault,
  };
}

/**
 * Whether a fault is a reason to ask for a new path.
 *
 * @param noPictureS When one was last asked for because no picture came, on whichever generation; null: never.
 */
export function asksAgain(fault: PathFault, nowS: number, noPictureS: number | null): boolean {
  return fault !== "no_picture" || noPictureS === null || nowS - noPictureS >= NO_PICTURE_AGAIN_S;
}
