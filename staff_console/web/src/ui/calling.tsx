// A ticket is called back: its number stands on the kiosk, and nobody has touched it yet.
import { useEffect, useRef } from "preact/hooks";
import { clock, secondsUntil, timeOfDay } from "../state/line";
import { useDesk } from "./context";
import { Button } from "./controls/button";
import { Icon } from "./controls/icon";
import { OwnPicture } from "./devices";

export function CallingBack() {
  const { state, commands, words } = useDesk();
  const title = useRef<HTMLHeadingElement>(null);
  const visit = state.view.value?.visit;
  useEffect(() => title.current?.focus(), []);
  if (!visit) return null;
  const until = visit.calling_until;
  return (
    <section class="card calling" data-testid="calling">
      <p class="calling-number" aria-hidden="true">
        {visit.ticket}
      </p>
      <div class="calling-words" role="status">
        <h1 ref={title} tabIndex={-1}>
          {words("calling-title", { ticket: visit.ticket ?? 0, branch: visit.branch_name })}
        </h1>
        <p>{words("calling-lead")}</p>
        {until !== null && (
          <p data-testid="calling-until">
            {words("calling-until", { time: timeOfDay(until, state.preferences.value.language) })}{" "}
            <span class="time" aria-hidden="true">
              ({clock(secondsUntil(until, state.nowMs.value))})
            </span>
          </p>
        )}
      </div>
      {!visit.kiosk_connected && (
        <p class="notice" role="alert">
          <Icon name="warning" />
          {words("call-kiosk-away")}
        </p>
      )}
      <OwnPicture />
      <Button
        icon="phoneOff"
        busy={state.pending.value.has("visit.leave")}
        testid="give-up"
        onPress={commands.leave}
      >
        {words("calling-stop")}
      </Button>
    </section>
  );
}
