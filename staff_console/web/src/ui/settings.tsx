// Language, colours, keys.

import type { Language } from "../protocol/messages";
import type { Theme } from "../state/console";
import { useDesk } from "./context";
import { Button } from "./controls/button";
import { Dialog } from "./controls/dialog";
import { Switch } from "./controls/switch";

const LANGUAGES: readonly Language[] = ["sv", "nb", "en"];
const THEMES: readonly Theme[] = ["system", "light", "dark"];

/** Languages under their own names, so that one finds home from any of them. */
export function LanguageChoice() {
  const { state, commands, words } = useDesk();
  const chosen = state.preferences.value.language;
  return (
    <div class="segments" role="group" aria-label={words("language")}>
      {LANGUAGES.map((language) => (
        <button
          key={language}
          type="button"
          class="segment"
          lang={language}
          aria-pressed={language === chosen}
          data-testid={`language-${language}`}
          onClick={() => commands.prefer({ language })}
        >
          {words(`language-${language}`)}
        </button>
      ))}
    </div>
  );
}

function ThemeChoice() {
  const { state, commands, words } = useDesk();
  const chosen = state.preferences.value.theme;
  return (
    <div class="segments" role="group" aria-label={words("theme")}>
      {THEMES.map((theme) => (
        <button
          key={theme}
          type="button"
          class="segment"
          aria-pressed={theme === chosen}
          data-testid={`theme-${theme}`}
          onClick={() => commands.prefer({ theme })}
        >
          {words(`theme-${theme}`)}
        </button>
      ))}
    </div>
  );
}

export function SettingsDialog({ onClose }: { onClose: () => void }) {
  const { state, commands, words } = useDesk();
  return (
    <Dialog labelledBy="settings-title" testid="settings-dialog" onClose={onClose}>
      <h2 id="settings-title">{words("settings")}</h2>
      <div class="settings-row">
        <span>{words("language")}</span>
        <LanguageChoice />
      </div>
      <div class="settings-row">
        <span>{words("theme")}</span>
        <ThemeChoice />
      </div>
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
      <div class="dialog-actions">
        <Button look="quiet" icon="logOut" testid="sign-out" onPress={commands.signOut}>
          {words("sign-out")}
        </Button>
        <Button look="main" testid="settings-close" onPress={onClose}>
          {words("close")}
        </Button>
      </div>
    </Dialog>
  );
}
