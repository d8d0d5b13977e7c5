// What calls were like, from the records of their paths: grouped by visit, the worst word first, in plain words.
import type { CallRow, IceTrouble, PathFault, PathQuality } from "../../protocol/messages";

/** One visit's paths, as both ends told of them; the newest first. */
export interface CallSeen {
  readonly visitId: string;
  /** When it was told of last. */
  readonly at: string;
  readonly kioskId: string;
  readonly branchId: string;
  readonly worst: PathQuality;
  /** How long somebody was connected, at the end that was so the longest. */
  readonly seconds: number;
  /** How often a path was built anew. */
  readonly renewals: number;
  readonly faults: readonly PathFault[];
  readonly troubles: readonly IceTrouble[];
  readonly rows: readonly CallRow[];
}

const FROM_BEST: readonly PathQuality[] = ["good", "fair", "poor", "sound_only"];

/** Records of one visit become one entry; entries stand where their newest record stood. */
export function callsOf(rows: readonly CallRow[]): CallSeen[] {
  const visits = new Map<string, CallRow[]>();
  for (const row of rows) {
    const known = visits.get(row.visit_id);
    if (known) known.push(row);
    else visits.set(row.visit_id, [row]);
  }
  return [...visits.entries()].map(([visitId, own]) => {
    const [newest] = own as [CallRow, ...CallRow[]];
    const spent = { visitor: 0, staff: 0 };
    for (const { party, seconds } of own) spent[party] += seconds;
    return {
      visitId,
      at: newest.at,
      kioskId: newest.kiosk_id,
      branchId: newest.branch_id,
      worst: FROM_BEST[Math.max(...own.map(({ worst }) => FROM_BEST.indexOf(worst)))] ?? "good",
      seconds: Math.max(spent.visitor, spent.staff),
      // A path counts from its connection on: one that was made ready and not taken is none.
      renewals: Math.max(0, new Set(own.filter(wasConnected).map(({ generation }) => generation)).size - 1),
      faults: [...new Set(own.flatMap(({ faults }) => faults))],
      troubles: [...new Set(own.flatMap(({ troubles }) => troubles))],
      rows: own,
    };
  });
}

const wasConnected = ({ connect_ms, seconds }: CallRow) => connect_ms !== null || seconds > 0;

/** Whole minutes from one minute on, else whole seconds. */
export function lasted(seconds: number): { readonly id: string; readonly count: number } {
  return seconds >= 60
    ? { id: "admin-calls-minutes", count: Math.round(seconds / 60) }
    : { id: "admin-calls-seconds", count: Math.round(seconds) };
}
