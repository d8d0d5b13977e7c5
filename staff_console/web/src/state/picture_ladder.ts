// How much of a picture a path carries beside its sound.
//
// What it is for: sound first. On a shrinking path the picture gets smaller, then slower, then stands still, before
// sound suffers; it comes back by itself. The same rule stands in the kiosk (kiosk/core/picture_ladder.py), and one
// table of cases keeps the two alike (tests/contract/paths/ladder.json). What it does not do: estimate; the browser's
// congestion control does. The browser is told to leave size and rate as they are (media/peer.ts).

/** How much of a picture is sent. Null: as the camera gives it. */
export interface PictureLimits {
  readonly widthMax: number | null;
  readonly rateMax: number | null;
  /** Nothing but one picture now and then: the path carries sound alone. */
  readonly still: boolean;
}

export const FULL_PICTURE: PictureLimits = { widthMax: null, rateMax: null, still: false };

interface Rung {
  /** A path that is thought to carry less than this, sound included, is a rung further down. */
  readonly fromKbps: number;
  readonly limits: PictureLimits;
}

const STILL: Rung = { fromKbps: 0, limits: { widthMax: 320, rateMax: null, still: true } };
/** From the top down. Sound takes about 70 kbit/s of what a path carries (48 of Opus, and its packets' headers). */
const RUNGS: readonly Rung[] = [
  { fromKbps: 700, limits: FULL_PICTURE },
  { fromKbps: 520, limits: { widthMax: 960, rateMax: null, still: false } },
  { fromKbps: 270, limits: { widthMax: 640, rateMax: null, still: false } },
  { fromKbps: 190, limits: { widthMax: 480, rateMax: 20, still: false } },
  { fromKbps: 130, limits: { widthMax: 320, rateMax: 10, still: false } },
  STILL,
];
/** A rung is left downwards, for one that the path carries, after the path has been too thin for it for so long. */
const DOWN_AFTER_S = 1;
/** And upwards, for the highest that it carries, after it has carried so much more than the next one needs, for so long. */
const UP_AFTER_S = 3;
const UP_MARGIN = 1.25;
/**
 * A path that carries little tells little of what it could carry: congestion control believes no more than a half
 * above what goes through. So a still is tried as a moving picture after this time, and a moving one a rung higher
 * where the path carries that just so; after twice as long when it was in vain, but a path that is wide again is not to
 * be found out much later.
 */
const TRY_AFTER_S = 4;
const TRY_AFTER_MAX_S = 8;
/** A rung that was tried and left downwards within this time was tried in vain. */
const IN_VAIN_WITHIN_S = 10;

/** Where a picture stands. */
export interface Ladder {
  /** Index from the top. */
  readonly rung: number;
  readonly sinceS: number;
  /** Since when the path has been too thin for it, or wide enough for the next; null: it is not. */
  readonly thinS: number | null;
  readonly wideS: number | null;
  /** The next rung is tried after so long. */
  readonly tryAfterS: number;
  /** It stands here because this rung was tried. */
  readonly tried: boolean;
}

export const TOP: Ladder = {
  rung: 0,
  sinceS: 0,
  thinS: null,
  wideS: null,
  tryAfterS: TRY_AFTER_S,
  tried: false,
};

/** What of the picture is to be sent there. */
export function limitsOf(ladder: Ladder): PictureLimits {
  return rungAt(ladder.rung).limits;
}

/**
 * Take a new estimate in.
 *
 * @param estimateKbps What the path is thought to carry from this end; null changes nothing.
 * @param nowS Monotonic.
 */
export function climb(before: Ladder, estimateKbps: number | null, nowS: number): Ladder {
  if (estimateKbps === null) return before;
  const { rung } = before;
  const stoodS = nowS - before.sinceS;
  const nextKbps = rung > 0 ? rungAt(rung - 1).fromKbps : Number.POSITIVE_INFINITY;
  const thinS = estimateKbps < rungAt(rung).fromKbps ? (before.thinS ?? nowS) : null;
  const wideS = estimateKbps >= nextKbps * UP_MARGIN ? (before.wideS ?? nowS) : null;
  const mayTry = rungAt(rung).limits.still || estimateKbps >= nextKbps;
  const moved = { ...TOP, sinceS: nowS };
  if (thinS !== null && nowS - thinS >= DOWN_AFTER_S) {
    const inVain = before.tried && stoodS < IN_VAIN_WITHIN_S;
    const tryAfterS = inVain ? Math.min(before.tryAfterS * 2, TRY_AFTER_MAX_S) : TRY_AFTER_S;
    return { ...moved, rung: carried(estimateKbps), tryAfterS };
  }
  if (wideS !== null && nowS - wideS >= UP_AFTER_S)
    return { ...moved, rung: carried(estimateKbps / UP_MARGIN) };
  if (mayTry && stoodS >= before.tryAfterS)
    return { ...moved, rung: rung - 1, tryAfterS: before.tryAfterS, tried: true };
  return { ...before, thinS, wideS };
}

/** The highest rung that a path of so much carries. */
function carried(kbps: number): number {
  return RUNGS.findIndex(({ fromKbps }) => kbps >= fromKbps);
}

function rungAt(rung: number): Rung {
  return RUNGS[rung] ?? STILL;
}
