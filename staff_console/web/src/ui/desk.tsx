// One screen for the whole duty: left the line, middle the call or the quiet state, right what helps.
import { useState } from "preact/hooks";
import { CallStage } from "./call";
import { CloseOut } from "./closeout";
import { useDesk } from "./context";
import { Button } from "./controls/button";
import { Icon } from "./controls/icon";
import { DevicePanel } from "./devices";
import { DutyCard } from "./duty";
import { FaultLine } from "./fault";
import { BranchHelp } from "./help";
import { LinePanel } from "./line";
import { RingDialog } from "./ring";
import { SettingsDialog } from "./settings";
import { TextPanel } from "./text";

export function DeskPage() {
  const { state, words } = useDesk();
  const [settings, setSettings] = useState(false);
  const view = state.view.value;
  const inVisit = view?.visit != null;
  return (
    <div class="desk" data-testid="page-desk" data-mode={inVisit ? "visit" : "quiet"}>
      <header class="top">
        <p class="top-name">{words("app-name")}</p>
        <LinkLine />
        <p class="top-who">{state.staff.value?.name}</p>
        <Button look="quiet" icon="settings" testid="settings-open" onPress={() => setSettings(true)}>
          {words("settings")}
        </Button>
      </header>
      <FaultLine />
      {view === null ? (
        <p class="desk-wait" role="status">
          {words("link-connecting")}
        </p>
      ) : (
        <div class="columns">
          <main class="column-middle">{inVisit ? <CallStage /> : <Quiet />}</main>
          <aside class="column-left" aria-label={words("line-title")}>
            <LinePanel />
          </aside>
          <aside class="column-right" aria-label={words("help-title")}>
            {view.close_out && <CloseOut key={view.close_out.visit_id} />}
            <BranchHelp />
            {inVisit && <TextPanel />}
          </aside>
        </div>
      )}
      {settings && !view?.offer && <SettingsDialog onClose={() => setSettings(false)} />}
      {view?.offer && <RingDialog />}
    </div>
  );
}

function Quiet() {
  return (
    <>
      <DutyCard />
      <DevicePanel />
    </>
  );
}

/** How the connection is: nothing when all is well, a calm line when it is not. */
function LinkLine() {
  const { state, commands, words } = useDesk();
  const link = state.link.value;
  const inCall = state.call.value.phase !== "none";
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
          <Button look="plain" icon="refresh" testid="reload" onPress={commands.reload}>
            {words("outdated-do")}
          </Button>
        </p>
      )}
    </div>
  );
}
