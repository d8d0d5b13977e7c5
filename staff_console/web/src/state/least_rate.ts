// When congestion control is not to give a path up for thin: where packets are lost and nothing waits in a queue. The kiosk
// goes by the same rule and says why and what was measured (kiosk/adapters/peer/least_rate.py).
import type { PeerStats } from "./stats";

/** What is kept then: 640 wide at full pace (`picture_ladder`). */
export const LEAST_KBPS = 300;
/** An estimate that is still above this needs no help. */
const HELPED_BELOW_KBPS = 400;
/** Share of what left that did not arrive. */
const BEGIN_LOSS = 0.08;
const END_LOSS = 0.04;
/** A round trip so much longer than the shortest one is a queue: one that is much longer, by more than a busy machine adds. */
const QUEUE_TIMES = 1.5;
const QUEUE_MS = 60;
const WINDOW_S = 5;
/** Losses of fewer packets say little, and so does a single round trip. */
const PACKETS_NEEDED = 100;
const TRIPS_NEEDED = 2;
/** It was the rate after all: there is a queue now, nothing is heard any more, or so much more is lost than before. Then not again for a while. */
const WORSE_BY = 0.2;
const BARRED_FIRST_S = 6;
const BARRED_MAX_S = 120;

interface Seen {
  readonly atS: number;
  readonly sent: number;
  readonly lost: number;
  readonly trips: number;
  readonly tripsS: number;
}

export interface LeastRate {
  /** The estimate is not to fall below `LEAST_KBPS`. */
  readonly wanted: boolean;
  readonly seen: readonly Seen[];
  readonly leastMs: number;
  /** When a queue was last seen. */
  readonly queueS: number;
  readonly shareBefore: number;
  readonly barredUntilS: number;
  readonly barredS: number;
}

export const NO_LEAST_RATE: LeastRate = {
  wanted: false,
  seen: [],
  leastMs: Number.POSITIVE_INFINITY,
  queueS: Number.NEGATIVE_INFINITY,
  shareBefore: 0,
  barredUntilS: Number.NEGATIVE_INFINITY,
  barredS: BARRED_FIRST_S,
};

/** Take the counters of this moment (seconds of a rising clock). */
export function keepAbove(before: LeastRate, stats: PeerStats, atS: number): LeastRate {
  const latest = {
    atS,
    sent: stats.packetsSent,
    lost: stats.packetsLostThere,
    trips: stats.reportTrips,
    tripsS: stats.reportTripsS,
  };
  const last = before.seen.at(-1);
  const fresh = latest.trips - (last?.trips ?? 0);
  const tripMs = fresh > 0 ? (1000 * (latest.tripsS - (last?.tripsS ?? 0))) / fresh : null;
  const leastMs = Math.min(before.leastMs, tripMs ?? Number.POSITIVE_INFINITY);
  const queue = tripMs !== null && tripMs > Math.max(leastMs * QUEUE_TIMES, leastMs + QUEUE_MS);
  const seen = [...before.seen.filter((one) => one.atS >= atS - WINDOW_S), latest];
  const oldest = seen[0] ?? latest;
  const after = { ...before, seen, leastMs, queueS: queue ? atS : before.queueS };
  const sent = latest.sent - oldest.sent;
  const share = sent >= PACKETS_NEEDED ? (latest.lost - oldest.lost) / sent : null;
  const trips = latest.trips - oldest.trips;
  if (after.wanted) {
    const worse = share !== null && share > after.shareBefore + WORSE_BY;
    if (queue || worse || trips === 0) {
      const barredS = Math.min(BARRED_MAX_S, 2 * after.barredS);
      return { ...after, wanted: false, barredUntilS: atS + after.barredS, barredS };
    }
    return { ...after, wanted: share === null || share >= END_LOSS };
  }
  if (share === null || stats.estimateKbps === null || trips < TRIPS_NEEDED) return after;
  // What was lost while there was a queue still counts for a window's time.
  const calm = atS - after.queueS > WINDOW_S && atS >= after.barredUntilS;
  if (!calm || share < BEGIN_LOSS || stats.estimateKbps >= HELPED_BELOW_KBPS) return after;
  return { ...after, wanted: true, shareBefore: share };
}
