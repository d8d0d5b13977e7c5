// Notices over other windows: asked for from a click, and never twice.
import { useDesk } from "./context";
import { Button } from "./controls/button";
import { Icon } from "./controls/icon";

/** On the duty card, as long as the browser was not asked. */
export function NoticeHint() {
  const { state, commands, words } = useDesk();
  if (state.notices.value !== "default") return null;
  return (
    <div class="notice-hint" data-testid="notice-hint">
      <Icon name="appWindow" />
      <p>{words("notices-lead")}</p>
      <Button testid="allow-notices" onPress={commands.allowNotices}>
        {words("notices-do")}
      </Button>
    </div>
  );
}

/** In the settings: how it is, and the button as long as it does something. */
export function NoticeSetting() {
  const { state, commands, words } = useDesk();
  const how = state.notices.value;
  return (
    <div class="settings-row" data-testid="notices" data-notices={how}>
      <h3>{words("notices-title")}</h3>
      <p class="soft">{words(how === "default" ? "notices-lead" : `notices-${how}`)}</p>
      {how === "default" && (
        <Button icon="appWindow" testid="settings-allow-notices" onPress={commands.allowNotices}>
          {words("notices-do")}
        </Button>
      )}
    </div>
  );
}
