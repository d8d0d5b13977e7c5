// What is typed in one form, beside what is kept: whether they differ, and what to do when somebody else was there.

/** A form as it travels, by field. */
export type Values = Readonly<Record<string, unknown>>;

/** The form that is open. `id` null: it is new. `base` is what it was filled from, `revision` the same for the server. */
export interface Draft {
  readonly id: string | null;
  readonly base: Values;
  readonly revision: string;
  readonly values: Values;
}

/** Equal in all that they hold. Two times that are none yet are equal too. */
export function same(one: unknown, other: unknown): boolean {
  if (Object.is(one, other)) return true;
  if (typeof one !== "object" || typeof other !== "object" || one === null || other === null) return false;
  if (Array.isArray(one) !== Array.isArray(other)) return false;
  const [a, b] = [one as Values, other as Values];
  const keys = Object.keys(a);
  return keys.length === Object.keys(b).length && keys.every((key) => key in b && same(a[key], b[key]));
}

/** Fields that differ. */
export function changed(base: Values, values: Values): string[] {
  return Object.keys(values).filter((key) => !same(base[key], values[key]));
}

export function isDirty(draft: Draft | null): boolean {
  return draft !== null && changed(draft.base, draft.values).length > 0;
}

/** What stands in the form after somebody else saved: theirs where nothing was typed here, ours where it was. */
export interface Merged {
  readonly draft: Draft;
  /** Fields that both changed, and differently: the form shows ours, and says what is kept. */
  readonly clashes: readonly string[];
}

export function merged(draft: Draft, theirs: Values, revision: string): Merged {
  const ours = new Set(changed(draft.base, draft.values));
  const values = Object.fromEntries(
    Object.keys(draft.values).map((key) => [key, ours.has(key) ? draft.values[key] : theirs[key]]),
  );
  const clashes = [...ours].filter(
    (key) => !same(draft.base[key], theirs[key]) && !same(draft.values[key], theirs[key]),
  );
  return { draft: { id: draft.id, base: theirs, revision, values }, clashes };
}

/** After something was saved by itself (a branch opened again): kept and typed both have it, the rest stays typed. */
export function rebased(draft: Draft, kept: Values, revision: string, saved: readonly string[]): Draft {
  const values = { ...draft.values, ...Object.fromEntries(saved.map((key) => [key, kept[key]])) };
  return { id: draft.id, base: kept, revision, values };
}

/** Only the fields of a form, of what is kept. */
export function only(fields: readonly string[], kept: object): Values {
  const all = kept as Values;
  return Object.fromEntries(fields.map((field) => [field, all[field]]));
}
