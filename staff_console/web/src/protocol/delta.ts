// One view plus what changed since: the same rule as in signaling.protocol.messages.Delta, proven by the golden
// sequences that both sides read.
import type { Delta } from "./messages";

/** The view after `delta`; unchanged parts keep their identity. The caller has compared the revisions. */
export function applyDelta<View extends object>(view: View, delta: Delta): View {
  const next: Record<string, unknown> = { ...(view as Record<string, unknown>), ...delta.set };
  for (const [field, entries] of Object.entries(delta.put)) {
    next[field] = { ...(next[field] as Record<string, unknown>), ...entries };
  }
  for (const [field, keys] of Object.entries(delta.drop)) {
    const gone = new Set(keys);
    next[field] = Object.fromEntries(
      Object.entries(next[field] as Record<string, unknown>).filter(([key]) => !gone.has(key)),
    );
  }
  return next as View;
}
