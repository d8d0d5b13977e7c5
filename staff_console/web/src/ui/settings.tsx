// Language, colours, keys, notices, what the account knows, and the way out.
import type { Language } from "../protocol/messages";
import type { Theme } from "../state/console";
import { useDesk } from "./context";
import { Button } from "./controls/button";
import { Dialog } from "./controls/dialog";
import { Segments } from "./controls/segments";
import { Switch } from "./controls/switch";
import { FaultLine } from "./fault";
import { NoticeSetting } from "./notices";
import { OwnSection } from "./own";

const LANGUAGES: readonly Language[] = ["sv", "nb", "en"];
const THEMES: readonly Theme[] = ["system", "light", "dark"];

/** Languages under their own names, so that one finds home from any of them. */
export function LanguageChoice() {
  const { state, commands, words } = useDesk();
  return (
    <Segments
      label={words("language")}
      values={LANGUAGES}
      chosen={state.preferences.value.language}
      word={(language) => words(`language-${language}`)}
      lang={(language) => language}
      onChoose={(language) => commands.prefer({ language })}
      testid="language"
    />
  );
}

export function SettingsDialog({ onClose }: { onClose: () => void }) {
  const { state, commands, words } = useDesk();
  const inVisit = state.view.value?.visit != null;
  return (
    <Dialog labelledBy="settings-title" testid="settings-dialog" look="settings" onClose={onClose}>
      <div>
        <h2 id="settings-title" tabIndex={-1} autofocus>
          {words("settings")}
        </h2>
        <p class="soft">{state.staff.value?.name}</p>
      </div>
      <div class="settings-columns">
        <div class="settings-column">
          <LanguageChoice />
          <Segments
            label={words("theme")}
            values={THEMES}
            chosen={state.preferences.value.theme}
            word={(theme) => words(`theme-${theme}`)}
            onChoose={(theme) => commands.prefer({ theme })}
            testid="theme"
          />
          <div class="settings-row">
            <Switch
              on={state.preferences.value.shortcuts}
              testid="shortcuts-switch"
              onChange={(shortcuts) => commands.prefer({ shortcuts })}
            >
              {words("shortcuts-on")}
            </Switch>
            <small>{words("shortcuts-lead")}</small>
          </div>
          <NoticeSetting />
        </div>
        <div class="settings-column">
          <OwnSection />
        </div>
      </div>
      <FaultLine />
      <div class="dialog-actions">
        {inVisit ? (
          <span />
        ) : (
          <Button look="quiet" icon="logOut" testid="sign-out" onPress={commands.signOut}>
            {words("sign-out")}
          </Button>
        )}
        <Button look="main" testid="settings-close" onPress={onClose}>
          {words("close")}
        </Button>
      </div>
    </Dialog>
  );
}
