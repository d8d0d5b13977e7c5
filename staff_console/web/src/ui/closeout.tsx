// Round off: two taps, or skip.
import { useEffect, useRef, useState } from "preact/hooks";
import type { Outcome, Topic } from "../protocol/messages";
import { secondsUntil, timeOfDay } from "../state/line";
import { useDesk } from "./context";
import { Button } from "./controls/button";

const TOPICS: readonly Topic[] = [
  "find_material",
  "loan_or_card",
  "digital_help",
  "room_or_machine",
  "other",
];
const OUTCOMES: readonly Outcome[] = ["solved", "referred", "not_solved"];

export function CloseOut() {
  const { state, commands, words } = useDesk();
  const [topic, setTopic] = useState<Topic | null>(null);
  const title = useRef<HTMLHeadingElement>(null);
  const view = state.view.value;
  const round = view?.close_out;
  useEffect(() => title.current?.focus(), []);
  if (!view || !round) return null;
  const busy = state.pending.value.has("visit.close_out");
  const until = view.seat.wrap_up_until;
  const left = until === null ? 0 : secondsUntil(until, state.nowMs.value);
  return (
    <section class="card closeout" data-testid="close-out">
      <h2 ref={title} tabIndex={-1}>
        {words("closeout-title", { branch: round.branch_name })}
      </h2>
      <Resting until={round.locked_until} />
      <fieldset class="closeout-choices">
        <legend>{words(topic === null ? "closeout-topic" : "closeout-outcome")}</legend>
        {topic === null
          ? TOPICS.map((one, index) => (
              <Button
                key={one}
                look="choice"
                hint={String(index + 1)}
                testid={`topic-${one}`}
                onPress={() => setTopic(one)}
              >
                {words(`topic-${one}`)}
              </Button>
            ))
          : OUTCOMES.map((one, index) => (
              <Button
                key={one}
                look="choice"
                hint={String(index + 1)}
                busy={busy}
                testid={`outcome-${one}`}
                onPress={() => commands.closeOut(topic, one)}
              >
                {words(`outcome-${one}`)}
              </Button>
            ))}
      </fieldset>
      <div class="closeout-foot">
        {topic !== null && (
          <Button look="quiet" icon="arrowLeft" testid="close-out-back" onPress={() => setTopic(null)}>
            {words("closeout-back")}
          </Button>
        )}
        <Button
          look="quiet"
          icon="skip"
          hint="S"
          busy={busy}
          testid="close-out-skip"
          onPress={() => commands.closeOut(null, null)}
        >
          {words("closeout-skip")}
        </Button>
      </div>
      {left > 0 && <p class="soft">{words("closeout-wrap", { seconds: left })}</p>}
    </section>
  );
}

/** The kiosk rests because this visit was ended and flagged; it can go on sooner. */
function Resting({ until }: { until: string | null }) {
  const { state, commands, words } = useDesk();
  if (until === null || secondsUntil(until, state.nowMs.value) === 0) return null;
  return (
    <div class="resting" data-testid="resting">
      <p>{words("closeout-resting", { time: timeOfDay(until, state.preferences.value.language) })}</p>
      <Button
        icon="play"
        busy={state.pending.value.has("kiosk.unlock")}
        testid="unlock-kiosk"
        onPress={commands.unlockKiosk}
      >
        {words("closeout-unlock")}
      </Button>
    </div>
  );
}
