// A refusal in a sentence. It stays until it is put away or the next command is done.
import type { Fault } from "../state/console";
import { useDesk } from "./context";
import { Button } from "./controls/button";
import { Icon } from "./controls/icon";
import type { Words } from "./words";

const KNOWN = new Set([
  "not_authenticated",
  "too_fast",
  "weak_password",
  "taken",
  "wrong_state",
  "not_found",
  "no_answer",
  "forbidden",
  "unavailable",
]);

export function faultSentence(words: Words, fault: Fault): string {
  return KNOWN.has(fault.code)
    ? words(`fault-${fault.code}`, { ...fault.data })
    : words("fault-other", { code: fault.code });
}

/** Always in the page, so that its appearance is spoken. */
export function FaultLine({ dismissible = true }: { dismissible?: boolean }) {
  const { state, commands, words } = useDesk();
  const fault = state.fault.value;
  return (
    <div role="alert" class="fault-place">
      {fault && (
        <div class="fault" data-testid="fault" data-code={fault.code}>
          <Icon name="warning" />
          <p>{faultSentence(words, fault)}</p>
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
