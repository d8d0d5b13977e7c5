// The call: the visitor large, oneself small. What is said about it stands in truths.tsx, what one can do in
// call_controls.tsx.
import { useEffect, useRef, useState } from "preact/hooks";
import { CallControls, LeaveButton } from "./call_controls";
import { useDesk } from "./context";
import { Button } from "./controls/button";
import { Icon } from "./controls/icon";
import { Truths } from "./truths";
import { Video } from "./video";

export function CallStage() {
  const { state, commands, words } = useDesk();
  const [attempt, setAttempt] = useState(0);
  const visit = state.view.value?.visit;
  if (!visit) return null;
  const call = state.call.value;
  const held = state.held.value;
  return (
    <section
      class="call"
      data-testid="call"
      data-phase={call.phase}
      data-generation={call.generation}
      data-visit-state={visit.state}
    >
      <CallHead />
      <div class="stage">
        <Video
          stream={state.visitorStream.value}
          label={words("visitor-picture")}
          testid="visitor-video"
          // On hold neither end hears the other, whatever still comes.
          muted={held}
          loudspeaker={state.loudspeaker.value.chosen}
          attempt={attempt}
          onBlocked={(blocked) => {
            state.playbackBlocked.value = blocked;
          }}
        />
        <Cover />
        <Self />
      </div>
      {state.playbackBlocked.value && (
        <div class="notice" role="alert" data-testid="playback-blocked">
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
      <CallControls />
    </section>
  );
}

/** Where the call is, and whether the other end is our kiosk. */
function CallHead() {
  const { state, words } = useDesk();
  const title = useRef<HTMLHeadingElement>(null);
  const visit = state.view.value?.visit;
  const { phase } = state.call.value;
  const verified = phase === "connecting" || phase === "connected" || phase === "shaky";
  // The button that was pressed is gone with the ring: go on from here.
  useEffect(() => title.current?.focus(), []);
  return (
    <header class="call-head">
      <h1 ref={title} tabIndex={-1}>
        {visit?.branch_name}
      </h1>
      <p class="call-state" role="status" data-testid="call-state">
        {words(state.held.value ? "call-held" : phase === "connected" ? "call-connected" : "call-building")}
      </p>
      {verified && (
        <p class="verified" data-testid="verified">
          <Icon name="shield" />
          {words("call-verified")}
        </p>
      )}
      <LeaveButton />
    </header>
  );
}

/** What stands in place of the picture when there is none to see. */
function Cover() {
  const { state, commands, words } = useDesk();
  const { phase, distrust } = state.call.value;
  const kiosk = state.view.value?.visit?.kiosk_name ?? "";
  if (phase === "unverified") {
    return (
      <div class="cover cover-urgent" role="alert" data-testid="unverified" data-why={distrust}>
        <Icon name="shieldAlert" />
        <h2>{words(distrust === "unsupported" ? "call-unsupported" : "call-unverified")}</h2>
        <p>
          {words(distrust === "unsupported" ? "call-unsupported-lead" : "call-unverified-lead", { kiosk })}
        </p>
        <Button icon="refresh" testid="try-again" onPress={commands.tryAgain}>
          {words("call-try-again")}
        </Button>
      </div>
    );
  }
  if (phase !== "connected") {
    // A line that has just become weak keeps its last picture in sight.
    const look = phase === "shaky" || phase === "renewing" ? "cover cover-thin" : "cover";
    return (
      <div class={look} role="status" data-testid="call-cover">
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

/** Oneself, small; and whether the visitor sees this. */
function Self() {
  const { state, words } = useDesk();
  const sending = !state.held.value && state.cameraWanted.value;
  const picture = state.ownPicture.value;
  return (
    <div class="self" data-sending={sending}>
      {picture && sending ? (
        <Video stream={picture} label={words("own-picture")} testid="self-video" muted mirrored />
      ) : (
        <div class="self-none" data-testid="self-off">
          <Icon name="videoOff" />
        </div>
      )}
      <p>{words(picture && sending ? "own-picture" : "own-picture-off")}</p>
    </div>
  );
}
