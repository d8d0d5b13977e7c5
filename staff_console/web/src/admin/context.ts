// What every part of this page needs: the values, the sentences, and the form that is open.
import { createContext } from "preact";
import { useContext } from "preact/hooks";
import type { Words } from "../ui/words";
import type { AdminApi } from "./api";
import type { HealthApi } from "./health/api";
import type { HealthWatch } from "./health/watch";
import type { Keeping } from "./keeping";

/** Everything that this page asks of the server. */
export type OfficeApi = AdminApi & HealthApi;

export interface Office {
  readonly keeping: Keeping;
  readonly health: HealthWatch;
  readonly api: OfficeApi;
  /** This page's sentences; the console's own are `useDesk().words`. */
  readonly say: Words;
}

export const OfficeContext = createContext<Office | null>(null);

export function useOffice(): Office {
  const office = useContext(OfficeContext);
  if (office === null) throw new Error("a form stands outside of its page");
  return office;
}

/** What is to be said of one field. */
export interface Remarks<Value = unknown> {
  /** The sentence of what is wrong with it or with something in it; `at` is the rest of the path. */
  readonly fault: { readonly text: string; readonly at: string } | null;
  /** Somebody else changed it too; what is kept now. */
  readonly theirs: { readonly value: Value } | null;
}

/** One field of the open form. */
export interface Field<Value> extends Remarks<Value> {
  readonly value: Value;
  readonly set: (value: Value) => void;
}

export function useField<Value>(name: string): Field<Value> {
  const { keeping, say } = useOffice();
  const draft = keeping.draft.value;
  if (draft === null) throw new Error("no form is open");
  const problem = keeping.problem.value;
  const own = problem !== null && (problem.field === name || problem.field.startsWith(`${name}.`));
  return {
    value: draft.values[name] as Value,
    set: (value) => keeping.set(name, value),
    fault: own
      ? { text: say(problemId(problem.code), problem.data), at: problem.field.slice(name.length + 1) }
      : null,
    theirs: keeping.conflict.value?.clashes.includes(name) ? { value: draft.base[name] as Value } : null,
  };
}

const KNOWN: ReadonlySet<string> = new Set([
  "in_use",
  "last_admin",
  "revoked",
  "not_own",
  "name_taken",
  "required",
  "too_long",
  "too_small",
  "too_big",
  "too_easy",
  "wrong",
  "overlap",
  "unknown",
  "fixed",
  "roles",
  "no_relay",
  "forbidden",
  "not_found",
  "not_authenticated",
  "no_answer",
  "unavailable",
]);

export function problemId(code: string): string {
  return `admin-problem-${KNOWN.has(code) ? code : "other"}`;
}
