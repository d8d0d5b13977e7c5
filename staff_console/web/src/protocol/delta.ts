// One view plus what changed since: the same rule as in signaling.protocol.deltas, proven by the golden
// sequences that both sides read.
import type { Delta } from "./messages";

/** The view after `delta`; unchanged parts keep their identity. The caller has compared the revisions. */
export function applyDelta<View extends object>(view: View, delta: Delta): View {
  const next: Record<string, unknown> = { ...(view as Record<string, unknown>), ...delta.set };
  for (const [field, keys] of Object.entries(delta.drop)) {
    const gone = new Set(keys);
    next[field] = Object.fromEntries(
      Object.entries(entriesOf(next[field])).filter(([key]) => !gone.has(key)),
    );
  }
  for (const [field, entries] of Object.entries(delta.put)) {
    next[field] = { ...entriesOf(next[field]), ...entries };
  }
  return next as View;
}

function entriesOf(field: unknown): Record<string, unknown> {
  return (field ?? {}) as Record<string, unknown>;
}
