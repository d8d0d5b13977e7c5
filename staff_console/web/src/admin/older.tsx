// Lists that are read from the newest on, a page at a time: what was fetched, and the button for older lines.
import { useEffect, useState } from "preact/hooks";
import { Button } from "../ui/controls/button";
import type { Problem } from "./api";
import { problemId, useOffice } from "./context";

interface Page<Row> {
  readonly entries: readonly Row[];
  /** Older than this is next; null: nothing is older. */
  readonly next_before: string | null;
}

export interface Older<Row> {
  readonly rows: readonly Row[];
  readonly busy: boolean;
  readonly problem: Problem | null;
  /** Something older may be there. */
  readonly more: boolean;
  /** Nothing is there at all. */
  readonly none: boolean;
  next(): void;
}

/** `fetchPage` is asked for the newest once; a list of something else is another component (its key). */
export function useOlder<Row>(fetchPage: (before: string | null) => Promise<Page<Row>>): Older<Row> {
  const { api } = useOffice();
  const [rows, setRows] = useState<readonly Row[]>([]);
  const [before, setBefore] = useState<string | null>(null);
  const [busy, setBusy] = useState(true);
  const [problem, setProblem] = useState<Problem | null>(null);

  const load = async (from: string | null) => {
    setBusy(true);
    setProblem(null);
    try {
      const page = await fetchPage(from);
      setRows((known) => (from === null ? page.entries : [...known, ...page.entries]));
      setBefore(page.next_before);
    } catch (error) {
      setProblem(api.problem(error));
    } finally {
      setBusy(false);
    }
  };
  useEffect(() => void load(null), []);

  return {
    rows,
    busy,
    problem,
    more: before !== null || busy || problem !== null,
    none: rows.length === 0 && !busy && problem === null,
    next: () => void load(problem !== null && rows.length === 0 ? null : before),
  };
}

/** Below the list: what went wrong, and the way to older lines. */
export function OlderFoot<Row>({ list, testid }: { list: Older<Row>; testid: string }) {
  const { say } = useOffice();
  const { busy, problem } = list;
  return (
    <>
      {problem && (
        <p class="wrong" role="alert">
          {say(problemId(problem.code), problem.data)}
        </p>
      )}
      {list.more && (
        <Button busy={busy} testid={testid} onPress={list.next}>
          {say(busy ? "admin-loading" : "admin-log-more")}
        </Button>
      )}
    </>
  );
}
