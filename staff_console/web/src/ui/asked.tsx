// "Are you still there?" Any key and any click says so (main/signs.ts); the button is for whoever looks for one.
import { clock, secondsUntil } from "../state/line";
import { useDesk } from "./context";
import { Button } from "./controls/button";
import { Dialog } from "./controls/dialog";

export function AskedDialog({ until }: { until: string }) {
  const { state, commands, words } = useDesk();
  return (
    <Dialog labelledBy="asked-title" testid="asked" look="asked">
      <h1 id="asked-title">{words("asked-title")}</h1>
      <p>{words("asked-lead")}</p>
      <Button
        look="main"
        icon="check"
        focused
        busy={state.pending.value.has("seat.sign")}
        testid="still-here"
        onPress={commands.sayHere}
      >
        {words("asked-do")}
      </Button>
      <p class="soft time" data-testid="asked-left">
        {words("asked-left", { time: clock(secondsUntil(until, state.nowMs.value)) })}
      </p>
    </Dialog>
  );
}
