// On duty and not rung: why, for how long, and one click back.
import { useEffect, useRef, useState } from "preact/hooks";
import type { Pause } from "../protocol/messages";
import { PAUSE_MINUTES } from "../state/duty";
import { minutesUntil, timeOfDay } from "../state/line";
import { useDesk } from "./context";
import { Button } from "./controls/button";
import { Segments } from "./controls/segments";

const REASONS = ["break", "desk", "meeting", "other_work"] as const;
const LENGTHS = [...PAUSE_MINUTES.map(String), "open"];

/** First how long, then why: the reason is the click that pauses. Escape closes it. */
export function PauseMenu({ onClose }: { onClose: () => void }) {
  const { state, commands, words } = useDesk();
  const [length, setLength] = useState("15");
  const menu = useRef<HTMLDivElement>(null);
  useEffect(() => menu.current?.querySelector<HTMLElement>(".button")?.focus(), []);
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.key === "Escape") onClose();
    };
    document.addEventListener("keydown", onKey);
    return () => document.removeEventListener("keydown", onKey);
  }, [onClose]);
  return (
    <div ref={menu} class="pause-menu" data-testid="pause-menu">
      <Segments
        label={words("pause-length")}
        values={LENGTHS}
        chosen={length}
        word={(one) => (one === "open" ? words("pause-open") : words("pause-minutes", { minutes: one }))}
        onChoose={setLength}
        testid="pause"
      />
      <fieldset class="pause-reasons">
        <legend>{words("pause-why")}</legend>
        {REASONS.map((reason) => (
          <Button
            key={reason}
            busy={state.pending.value.has("seat.pause")}
            testid={`pause-${reason}`}
            onPress={() => commands.pause(reason, length === "open" ? null : Number(length))}
          >
            {words(`pause-${reason}`)}
          </Button>
        ))}
      </fieldset>
    </div>
  );
}

/** Why it does not ring, and until when. */
export function PauseLead({ pause }: { pause: Pause }) {
  const { state, words } = useDesk();
  if (pause.reason === "unanswered") return <p data-testid="pause-lead">{words("pause-lead-unanswered")}</p>;
  const now = state.nowMs.value;
  const until =
    pause.until === null
      ? words("pause-until-back")
      : words("pause-until", {
          time: timeOfDay(pause.until, state.preferences.value.language),
          minutes: minutesUntil(pause.until, now),
        });
  return (
    <>
      <p data-testid="pause-lead">{words(`pause-lead-${pause.reason}`)}</p>
      <p class="time" data-testid="pause-until">
        {until}
      </p>
    </>
  );
}
