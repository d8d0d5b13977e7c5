// A refusal in a sentence. It stays until it is put away or the next command is done.
import type { Fault } from "../state/console";
import { useDesk } from "./context";
import { Button } from "./controls/button";
import { Icon } from "./controls/icon";
import type { Words } from "./words";

/** The sentence of each code; some say more when they know more. */
const SENTENCES: Readonly<Record<string, (data: Fault["data"]) => string>> = {
  not_authenticated: () => "fault-not_authenticated",
  too_fast: (data) => ("retry_after_s" in data ? "fault-too_fast" : "fault-too_fast-soon"),
  weak_password: () => "fault-weak_password",
  taken: (data) => ("winner" in data ? "fault-taken" : "fault-taken-somebody"),
  wrong_state: () => "fault-wrong_state",
  stale_generation: () => "fault-wrong_state",
  not_found: () => "fault-not_found",
  no_answer: () => "fault-no_answer",
  forbidden: () => "fault-forbidden",
  origin: () => "link-origin",
  unavailable: () => "fault-unavailable",
  push_refused: () => "fault-push_refused",
};

/** `instead`: sentences that say it better in one place, by code. */
export function faultSentence(
  words: Words,
  fault: Fault,
  instead: Readonly<Record<string, string>> = {},
): string {
  const id = instead[fault.code] ?? SENTENCES[fault.code]?.(fault.data) ?? "fault-other";
  return words(id, { ...fault.data, code: fault.code });
}

/** Nothing went wrong here: somebody was faster, or it was over. Said calmly. */
const CALM: ReadonlySet<string> = new Set(["taken", "wrong_state", "not_found", "stale_generation"]);

export interface FaultLineProps {
  readonly dismissible?: boolean;
  readonly instead?: Readonly<Record<string, string>>;
}

/** Always in the page, so that its appearance is spoken. */
export function FaultLine({ dismissible = true, instead = {} }: FaultLineProps) {
  const { state, commands, words } = useDesk();
  const fault = state.fault.value;
  return (
    <div role="alert" class="fault-place">
      {fault && (
        <div
          class={CALM.has(fault.code) ? "fault fault-calm" : "fault"}
          data-testid="fault"
          data-code={fault.code}
        >
          <Icon name={CALM.has(fault.code) ? "info" : "warning"} />
          <p>{faultSentence(words, fault, instead)}</p>
          {dismissible && (
            <Button look="quiet" testid="fault-close" onPress={commands.putAwayFault}>
              {words("fault-close")}
            </Button>
          )}
        </div>
      )}
    </div>
  );
}
