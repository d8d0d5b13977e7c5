// End a visit that cannot go on, and let its kiosk rest for a while. It asks first: it cannot be taken back unseen.
import { useState } from "preact/hooks";
import { useDesk } from "./context";
import { Button } from "./controls/button";
import { Dialog } from "./controls/dialog";

/** Stands among what one rarely does in a call; absent for a colleague who was only brought in. */
export function FlagButton() {
  const { state, commands, words } = useDesk();
  const [asking, setAsking] = useState(false);
  const visit = state.view.value?.visit;
  if (!visit || visit.guest) return null;
  return (
    <>
      <Button look="quiet" icon="shieldAlert" testid="flag" onPress={() => setAsking(true)}>
        {words("flag")}
      </Button>
      {asking && (
        <Dialog labelledBy="flag-title" testid="flag-dialog" onClose={() => setAsking(false)}>
          <h2 id="flag-title">{words("flag-title")}</h2>
          <p>{words("flag-lead", { kiosk: visit.kiosk_name })}</p>
          <div class="dialog-actions">
            <Button focused testid="flag-cancel" onPress={() => setAsking(false)}>
              {words("flag-not")}
            </Button>
            <Button
              look="urgent"
              icon="shieldAlert"
              busy={state.pending.value.has("visit.flag")}
              testid="flag-confirm"
              onPress={() => {
                setAsking(false);
                commands.flag();
              }}
            >
              {words("flag-do")}
            </Button>
          </div>
        </Dialog>
      )}
    </>
  );
}
