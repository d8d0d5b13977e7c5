// The call: the visitor large, a colleague beside, oneself small. What is said about it stands in truths.tsx, what
// one can do in call_controls.tsx.
import { useEffect, useRef, useState } from "preact/hooks";
import { firstName } from "../state/colleagues";
import { CallControls, LeaveButton } from "./call_controls";
import { useDesk } from "./context";
import { Button } from "./controls/button";
import { Icon } from "./controls/icon";
import { FlagButton } from "./flag";
import {
  BackCover,
  PathChip,
  type PathOf,
  PathPanel,
  useInterruption,
  VisitorPath,
  visitorStill,
} from "./path";
import { COVER_WORDS, pathWord } from "./path_words";
import { Truths } from "./truths";
import { Video } from "./video";

export function CallStage() {
  const { state, commands, words } = useDesk();
  const [attempt, setAttempt] = useState(0);
  const [figures, setFigures] = useState<PathOf | null>(null);
  const toggle = (of: PathOf) => setFigures(figures === of ? null : of);
  const visit = state.view.value?.visit;
  if (!visit) return null;
  const call = state.call.value;
  const held = state.held.value;
  const three = visit.other !== null;
  return (
    <section
      class="call"
      data-testid="call"
      data-phase={call.phase}
      data-generation={call.generation}
      data-visit-state={visit.state}
    >
      <CallHead />
      <div class="stages path-place" data-three={three}>
        <div class="stage" data-still={call.phase === "connected" && visitorStill(state)}>
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
          {call.phase !== "unverified" && (
            <VisitorPath open={figures === "visitor"} onPress={() => toggle("visitor")} />
          )}
          {!three && <Self />}
        </div>
        {three && (
          // Nobody covers the visitor: whoever else is seen stands beside, or below where there is room.
          <div class="others">
            <Beside
              attempt={attempt}
              figures={figures === "colleague"}
              onFigures={() => toggle("colleague")}
            />
            <Self />
          </div>
        )}
        {figures && <PathPanel key={figures} first={figures} onClose={() => setFigures(null)} />}
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
      <div class="call-line">
        <Truths />
        <FlagButton />
      </div>
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
  const flows = phase === "connected" || state.path.value?.carried === true;
  const interrupted = useInterruption() !== null;
  const standing = state.held.value ? "call-held" : flows ? "call-connected" : "call-building";
  const verified = phase === "connecting" || phase === "connected" || phase === "shaky";
  // The button that was pressed is gone with the ring: go on from here.
  useEffect(() => title.current?.focus(), []);
  return (
    <header class="call-head">
      <h1 ref={title} tabIndex={-1}>
        {visit?.branch_name}
      </h1>
      <p class="call-state" role="status" data-testid="call-state">
        {words(interrupted ? "path-word-back" : standing)}
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
  const interrupted = useInterruption();
  const carried = state.path.value?.carried === true;
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
  // The last picture stays in sight, dimmed, until it is back.
  if (interrupted !== null) return <BackCover interrupted={interrupted} />;
  if (phase !== "connected" && !carried) {
    return (
      <div class="cover" role="status" data-testid="call-cover">
        <p class="cover-lead">{words(COVER_WORDS[phase], { kiosk })}</p>
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

/** The colleague in the conversation: the picture, or what stands in its place; and the name. */
function Beside(props: { attempt: number; figures: boolean; onFigures: () => void }) {
  const { state, words } = useDesk();
  const other = state.view.value?.visit?.other;
  if (!other) return null;
  const name = firstName(other.name);
  const { phase } = state.colleagueCall.value;
  const media = state.colleagueMedia.value;
  const said = media !== null && media.sender === other.seat_id ? media : null;
  const muted = said?.microphone_sending === false && !state.held.value;
  const path = state.colleaguePath.value;
  const flows = phase === "connected" || path?.carried === true;
  const lost = (phase === "shaky" || phase === "renewing" || !other.connected) && path?.carried !== true;
  const instead =
    state.held.value || flows
      ? said?.camera_sending === false
        ? "colleague-hidden"
        : null
      : lost
        ? "colleague-lost"
        : "colleague-joining";
  return (
    <div class="beside" data-testid="beside" data-phase={phase} data-generation={other.generation}>
      <Video
        stream={state.colleagueStream.value}
        label={words("colleague-picture", { name })}
        testid="colleague-video"
        muted={state.held.value}
        loudspeaker={state.loudspeaker.value.chosen}
        attempt={props.attempt}
        onBlocked={(blocked) => {
          if (blocked) state.playbackBlocked.value = true;
        }}
      />
      {instead !== null && (
        <div class={lost ? "cover cover-thin" : "cover"} role="status" data-testid={instead}>
          <p>{words(instead, { name })}</p>
        </div>
      )}
      <PathChip
        word={path === null ? null : pathWord(path, lost, said?.picture_paused === true)}
        about={words("path-details-colleague", { name })}
        testid="colleague-path-word"
        open={props.figures}
        onPress={props.onFigures}
      />
      <p class="beside-name">
        {muted && <Icon name="micOff" />}
        {muted ? words("colleague-muted", { name }) : name}
      </p>
    </div>
  );
}

/** Oneself, small; and whether the visitor sees this. */
function Self() {
  const { state, words } = useDesk();
  const sending = !state.held.value && state.cameraWanted.value;
  const still = state.path.value?.picturePaused === true;
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
      <p data-testid="self-said">
        {words(!picture || !sending ? "own-picture-off" : still ? "own-picture-still" : "own-picture")}
      </p>
    </div>
  );
}
