// One screen for the whole duty: left the line, middle the call or the quiet state, right what helps.
import { useState } from "preact/hooks";
import { AskedDialog } from "./asked";
import { CallStage } from "./call";
import { CallingBack } from "./calling";
import { CloseOut } from "./closeout";
import { useDesk } from "./context";
import { Button } from "./controls/button";
import { Icon } from "./controls/icon";
import { DevicePanel } from "./devices";
import { DutyCard } from "./duty";
import { FaultLine } from "./fault";
import { BranchHelp } from "./help";
import { LinePanel } from "./line";
import { useInterruption } from "./path";
import { RingDialog } from "./ring";
import { SettingsDialog } from "./settings";
import { TextPanel } from "./text";

export function DeskPage() {
  const { state, words, mayManage } = useDesk();
  const [settings, setSettings] = useState(false);
  const view = state.view.value;
  const inVisit = view?.visit != null;
  return (
    <div class="desk" data-testid="page-desk" data-mode={inVisit ? "visit" : "quiet"}>
      <header class="top">
        <p class="top-name">{words("app-name")}</p>
        <LinkLine />
        <p class="top-who" data-testid="who">
          {state.staff.value?.name}
        </p>
        {mayManage && (
          <a class="button button-quiet" href="#manage" data-testid="manage-open">
            <Icon name="library" />
            {words("manage-open")}
          </a>
        )}
        <Button look="quiet" icon="settings" testid="settings-open" onPress={() => setSettings(true)}>
          {words("settings")}
        </Button>
      </header>
      <FaultLine />
      {view === null ? (
        <Waiting />
      ) : (
        <div class="columns">
          <main class="column-middle">
            <Middle key={view.visit?.id} />
          </main>
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a long line scrolls, and holds nothing else to focus */}
          <aside class="column-left" aria-label={words("line-title")} tabIndex={0}>
            <LinePanel />
          </aside>
          <aside class="column-right" aria-label={words("beside")}>
            {view.close_out && <CloseOut key={view.close_out.visit_id} />}
            {inVisit ? (
              <>
                <BranchHelp />
                {view.visit?.state !== "calling" && <TextPanel />}
              </>
            ) : (
              <DevicePanel />
            )}
          </aside>
        </div>
      )}
      {settings && !view?.offer && <SettingsDialog onClose={() => setSettings(false)} />}
      <Calls />
    </div>
  );
}

/** What takes the page wherever one is on it: a ring, and the question whether somebody is there. */
export function Calls() {
  const { state } = useDesk();
  const view = state.view.value;
  if (view === null || state.link.value !== "up") return null;
  if (view.offer) return <RingDialog key={view.offer.id} />;
  return view.seat.asked_until ? <AskedDialog until={view.seat.asked_until} /> : null;
}

/** The call, the number that is called back, or the quiet state. */
function Middle() {
  const { state } = useDesk();
  const visit = state.view.value?.visit;
  if (!visit) return <DutyCard />;
  return visit.state === "calling" ? <CallingBack /> : <CallStage />;
}

/** Before the first snapshot, or when there will be none. */
function Waiting() {
  const { state, words } = useDesk();
  const link = state.link.value;
  const turnedAway = link === "forbidden" || link === "origin";
  return (
    <main class="desk-wait" data-testid="desk-wait" data-link={link}>
      <div role={turnedAway ? "alert" : "status"}>
        <h1>{words(turnedAway ? `link-${link}` : "link-connecting")}</h1>
      </div>
    </main>
  );
}

/** How the connection is: nothing when all is well, a calm line when it is not. */
function LinkLine() {
  const { state, commands, words } = useDesk();
  const link = state.link.value;
  // Nobody is told that a conversation goes on which just broke.
  const interrupted = useInterruption() !== null;
  const inCall = state.call.value.phase !== "none" && !interrupted;
  return (
    <div class="link-place" role="status">
      {link === "away" && (
        <p class="link-line" data-testid="link-away">
          <Icon name="wifiOff" />
          {words(inCall ? "link-away-call" : "link-away")}
        </p>
      )}
      {link === "outdated" && (
        <p class="link-line" data-testid="link-outdated">
          {words("outdated")}
          <Button icon="refresh" testid="reload" onPress={commands.reload}>
            {words("outdated-do")}
          </Button>
        </p>
      )}
    </div>
  );
}
