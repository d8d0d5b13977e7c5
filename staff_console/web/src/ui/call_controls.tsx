// What one can do in a call. Finishing is at the end of the row; stepping out stands apart from it, at the top,
// and asks first.
import { useEffect, useRef, useState } from "preact/hooks";
import { firstName } from "../state/colleagues";
import { useDesk } from "./context";
import { Button } from "./controls/button";
import { Dialog } from "./controls/dialog";
import { DeviceChoices } from "./devices";

export function CallControls() {
  const { state, commands, words } = useDesk();
  const held = state.held.value;
  const talking = state.view.value?.visit?.state === "talking";
  const microphone = state.microphoneWanted.value;
  const camera = state.cameraWanted.value;
  const pending = state.pending.value;
  const guest = state.view.value?.visit?.guest === true;
  return (
    <div class="call-controls">
      {held && !guest ? (
        <Button
          look="main"
          icon="play"
          hint="H"
          busy={pending.has("visit.resume")}
          testid="resume"
          onPress={commands.resume}
        >
          {words("resume")}
        </Button>
      ) : (
        <>
          <Button
            icon={microphone ? "mic" : "micOff"}
            hint="M"
            pressed={!microphone}
            testid="toggle-microphone"
            onPress={() => commands.setMicrophone(!microphone)}
          >
            {words("mute")}
          </Button>
          <Button
            icon={camera ? "video" : "videoOff"}
            hint="C"
            pressed={!camera}
            testid="toggle-camera"
            onPress={() => commands.setCamera(!camera)}
          >
            {words("hide")}
          </Button>
          {talking && !guest && (
            <Button
              icon="pause"
              hint="H"
              busy={pending.has("visit.hold")}
              testid="hold"
              onPress={commands.hold}
            >
              {words("hold")}
            </Button>
          )}
        </>
      )}
      <DeviceMenu />
      {guest ? (
        // Whoever was brought in goes without a question: the conversation goes on.
        <Button
          look="urgent"
          icon="door"
          hint="⇧L"
          busy={pending.has("visit.leave")}
          testid="leave"
          onPress={commands.leave}
        >
          {words("leave-guest")}
        </Button>
      ) : (
        <Button
          look="urgent"
          icon="phoneOff"
          hint="⇧F"
          busy={pending.has("visit.finish")}
          testid="finish"
          onPress={commands.finish}
        >
          {words("finish")}
        </Button>
      )}
    </div>
  );
}

/** Other devices, chosen while talking; it opens over the picture and closes by Escape. */
function DeviceMenu() {
  const { words } = useDesk();
  const [open, setOpen] = useState(false);
  const menu = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (!open) return;
    menu.current?.querySelector("select")?.focus();
    const onKey = (event: KeyboardEvent) => {
      if (event.key === "Escape") setOpen(false);
    };
    document.addEventListener("keydown", onKey);
    return () => document.removeEventListener("keydown", onKey);
  }, [open]);
  return (
    <div class="menu">
      <Button icon="sliders" expanded={open} testid="devices-toggle" onPress={() => setOpen(!open)}>
        {words("devices-choose")}
      </Button>
      {open && (
        <div ref={menu} class="menu-page card" data-testid="devices-menu">
          <DeviceChoices />
        </div>
      )}
    </div>
  );
}

export function LeaveButton() {
  const { state, commands, words } = useDesk();
  const [asking, setAsking] = useState(false);
  const visit = state.view.value?.visit;
  if (!visit || visit.guest) return null;
  const stays = visit.other === null ? "" : firstName(visit.other.name);
  return (
    <>
      <Button look="quiet" icon="door" hint="⇧L" testid="leave" onPress={() => setAsking(true)}>
        {words("leave")}
      </Button>
      {asking && (
        <Dialog labelledBy="leave-title" testid="leave-dialog" onClose={() => setAsking(false)}>
          <h2 id="leave-title">{words("leave-title")}</h2>
          <p>{stays === "" ? words("leave-lead") : words("leave-lead-three", { name: stays })}</p>
          <div class="dialog-actions">
            <Button focused testid="leave-cancel" onPress={() => setAsking(false)}>
              {words("leave-not")}
            </Button>
            <Button
              look="urgent"
              icon="door"
              testid="leave-confirm"
              onPress={() => {
                setAsking(false);
                commands.leave();
              }}
            >
              {words("leave-do")}
            </Button>
          </div>
        </Dialog>
      )}
    </>
  );
}
