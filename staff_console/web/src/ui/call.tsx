// The call: the visitor large, oneself small, and every truth about what is sent in words.
import { useState } from "preact/hooks";
import { useDesk } from "./context";
import { Button } from "./controls/button";
import { Dialog } from "./controls/dialog";
import { Icon } from "./controls/icon";
import { DeviceChoices } from "./devices";
import { Video } from "./video";

export function CallStage() {
  const { state, commands, words } = useDesk();
  const [attempt, setAttempt] = useState(0);
  const visit = state.view.value?.visit;
  if (!visit) return null;
  const call = state.call.value;
  const media = state.kioskMedia.value;
  const held = state.held.value;
  const seen = call.phase === "connected" && !held && media?.camera_sending !== false;
  return (
    <section
      class="stage-place"
      data-testid="call"
      data-phase={call.phase}
      data-generation={call.generation}
      data-visit-state={visit.state}
    >
      <StageHead />
      <div class={seen ? "stage" : "stage covered"}>
        <Video
          stream={state.visitorStream.value}
          label={words("visitor-picture")}
          testid="visitor-video"
          loudspeaker={state.loudspeaker.value.chosen}
          attempt={attempt}
          onBlocked={(blocked) => {
            state.playbackBlocked.value = blocked;
          }}
        />
        <StageCover />
        <div class="self" data-sending={!held && state.cameraWanted.value}>
          {state.ownPicture.value && (
            <Video
              stream={state.ownPicture.value}
              label={words("own-picture")}
              testid="self-video"
              muted
              mirrored
            />
          )}
          <p>{words("own-picture")}</p>
        </div>
      </div>
      {state.playbackBlocked.value && (
        <div class="notice" data-testid="playback-blocked">
          <Icon name="volume" />
          <p>{words("call-playback")}</p>
          <Button
            look="main"
            testid="unlock-playback"
            onPress={() => {
              commands.unlockPlayback();
              setAttempt(attempt + 1);
            }}
          >
            {words("call-playback-do")}
          </Button>
        </div>
      )}
      <Truths />
      <Controls />
    </section>
  );
}

/** Where the call is, and whether the other end is our kiosk. */
function StageHead() {
  const { state, words } = useDesk();
  const visit = state.view.value?.visit;
  const phase = state.call.value.phase;
  const verified = phase === "connecting" || phase === "connected" || phase === "shaky";
  return (
    <header class="stage-head">
      <h1>{visit?.branch_name}</h1>
      <p role="status" data-testid="call-state">
        {words(
          state.held.value ? "call-held" : phase === "connected" ? "call-connected" : "call-connecting-short",
        )}
      </p>
      {verified && (
        <p class="verified" data-testid="verified">
          <Icon name="shield" />
          {words("call-verified")}
        </p>
      )}
    </header>
  );
}

/** What stands in place of the picture when there is none to see. */
function StageCover() {
  const { state, commands, words } = useDesk();
  const { phase, distrust } = state.call.value;
  const visit = state.view.value?.visit;
  const kiosk = visit?.kiosk_name ?? "";
  if (phase === "unverified") {
    return (
      <div class="cover cover-urgent" role="alert" data-testid="unverified" data-why={distrust}>
        <Icon name="shieldAlert" />
        <h2>{words("call-unverified")}</h2>
        <p>
          {words(distrust === "unsupported" ? "call-unverified-unsupported" : "call-unverified-signature", {
            kiosk,
          })}
        </p>
        <Button look="plain" icon="refresh" testid="try-again" onPress={commands.tryAgain}>
          {words("call-try-again")}
        </Button>
      </div>
    );
  }
  if (phase !== "connected") {
    return (
      <div class="cover" role="status" data-testid="call-cover">
        <p class="cover-lead">{words(`call-${phase === "none" ? "summoned" : phase}`, { kiosk })}</p>
      </div>
    );
  }
  if (state.held.value) {
    return (
      <div class="cover" data-testid="held-cover">
        <Icon name="pause" />
        <h2>{words("call-held")}</h2>
        <p>{words("call-held-lead")}</p>
      </div>
    );
  }
  if (state.kioskMedia.value?.camera_sending === false) {
    return (
      <div class="cover" data-testid="hidden-cover">
        <Icon name="videoOff" />
        <h2>{words("call-hidden")}</h2>
        <p>{words("call-hidden-lead")}</p>
      </div>
    );
  }
  return null;
}

/** What is being sent, and which device does not do its part. */
function Truths() {
  const { state, words } = useDesk();
  const media = state.kioskMedia.value;
  const visit = state.view.value?.visit;
  const held = state.held.value;
  const sound = !held && state.microphoneWanted.value && state.microphone.value.condition === "ok";
  const picture = !held && state.cameraWanted.value && state.camera.value.condition === "ok";
  const sent = sound && picture ? "both" : sound ? "sound" : picture ? "picture" : "none";
  const warnings: string[] = [];
  if (visit && !visit.kiosk_connected) warnings.push("call-kiosk-away");
  for (const device of ["camera", "microphone", "loudspeaker"] as const) {
    const condition = media?.[device];
    if (condition === "missing" || condition === "failed") warnings.push(`call-kiosk-${device}-missing`);
  }
  if (media && !media.microphone_sending && media.microphone === "ok") warnings.push("call-kiosk-muted");
  if (state.camera.value.condition !== "ok") warnings.push("call-no-own-camera");
  if (state.microphone.value.condition !== "ok") warnings.push("call-no-own-microphone");
  return (
    <div class="truths" role="status">
      <p data-testid="sent" data-sent={sent}>
        {words(`call-sent-${sent}`)}
      </p>
      {warnings.map((warning) => (
        <p key={warning} class="truth-warning" data-testid={warning}>
          <Icon name="warning" />
          {words(warning)}
        </p>
      ))}
    </div>
  );
}

function Controls() {
  const { state, commands, words } = useDesk();
  const [asking, setAsking] = useState<"leave" | "finish" | null>(null);
  const [devices, setDevices] = useState(false);
  const held = state.held.value;
  const mic = state.microphoneWanted.value;
  const cam = state.cameraWanted.value;
  const pending = state.pending.value;
  return (
    <div class="call-controls">
      <div class="call-main">
        {!held && (
          <>
            <Button
              icon={mic ? "mic" : "micOff"}
              hint="M"
              pressed={!mic}
              testid="toggle-microphone"
              onPress={() => commands.setMicrophone(!mic)}
            >
              {words(mic ? "mute" : "unmute")}
            </Button>
            <Button
              icon={cam ? "video" : "videoOff"}
              hint="C"
              pressed={!cam}
              testid="toggle-camera"
              onPress={() => commands.setCamera(!cam)}
            >
              {words(cam ? "camera-off" : "camera-on")}
            </Button>
          </>
        )}
        {held ? (
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
        <Button icon="sliders" pressed={devices} testid="devices-toggle" onPress={() => setDevices(!devices)}>
          {words("devices-choose")}
        </Button>
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
      </div>
      {devices && <DeviceChoices />}
      <div class="call-aside">
        <Button look="quiet" icon="door" hint="⇧L" testid="leave" onPress={() => setAsking("leave")}>
          {words("leave")}
        </Button>
      </div>
      {asking === "leave" && (
        <Dialog labelledBy="leave-title" testid="leave-dialog" onClose={() => setAsking(null)}>
          <h2 id="leave-title">{words("leave-title")}</h2>
          <p>{words("leave-lead")}</p>
          <div class="dialog-actions">
            <Button look="plain" focused testid="leave-cancel" onPress={() => setAsking(null)}>
              {words("leave-not")}
            </Button>
            <Button
              look="urgent"
              icon="door"
              testid="leave-confirm"
              onPress={() => {
                setAsking(null);
                commands.leave();
              }}
            >
              {words("leave-do")}
            </Button>
          </div>
        </Dialog>
      )}
    </div>
  );
}
