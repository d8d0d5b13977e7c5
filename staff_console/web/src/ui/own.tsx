// One's own settings on the server: languages spoken, and being asked to stand in when it is short of people.
import { useEffect, useState } from "preact/hooks";
import type { Language } from "../protocol/messages";
import { keepsKiosks, type OwnSettings, ownFault, withLanguage } from "../state/own";
import { useDesk } from "./context";
import { Button } from "./controls/button";
import { Icon } from "./controls/icon";
import { Switch } from "./controls/switch";

const LANGUAGES: readonly Language[] = ["sv", "nb", "en"];

export function OwnSection() {
  const { state, commands, words } = useDesk();
  useEffect(() => commands.loadOwn(), [commands]);
  const own = state.own.value;
  // Who sees the health page can be told of what it shows.
  const keeps = keepsKiosks(state.staff.value?.roles ?? []);
  if (own === null) return <p class="soft">{words("own-loading")}</p>;
  return (
    <>
      <fieldset class="settings-row">
        <legend>{words("own-languages")}</legend>
        <div class="own-languages">
          {LANGUAGES.map((language) => (
            <Switch
              key={language}
              on={own.languages.includes(language)}
              testid={`speaks-${language}`}
              onChange={(spoken) => commands.saveOwn(withLanguage(own, LANGUAGES, language, spoken))}
            >
              <span lang={language}>{words(`language-${language}`)}</span>
            </Switch>
          ))}
        </div>
        <small>{words(own.languages.length > 1 ? "own-languages-lead" : "own-languages-one")}</small>
      </fieldset>
      <div class="settings-row">
        <Switch
          on={own.standby}
          testid="standby"
          onChange={(standby) => commands.saveOwn({ ...own, standby })}
        >
          {words("own-standby")}
        </Switch>
        <small>{words("own-standby-lead")}</small>
      </div>
      {keeps && (
        <div class="settings-row">
          <Switch on={own.alerts} testid="alerts" onChange={(alerts) => commands.saveOwn({ ...own, alerts })}>
            {words("own-alerts")}
          </Switch>
          <small>{words("own-alerts-lead")}</small>
        </div>
      )}
      {(own.standby || (keeps && own.alerts)) && <Ways own={own} />}
      <p class="own-kept" role="status">
        {state.ownKept.value && (
          <span data-testid="own-kept">
            <Icon name="check" />
            {words("own-kept")}
          </span>
        )}
      </p>
    </>
  );
}

/** How one is asked: by e-mail, and on this computer. */
function Ways({ own }: { own: OwnSettings }) {
  const { state, commands, words } = useDesk();
  const [email, setEmail] = useState(own.email);
  const push = state.push.value;
  const wrong = ownFault({ ...own, email }) === "email";
  return (
    <div class="own-ways" data-testid="standby-ways">
      {own.email_available && (
        <form
          class="field"
          noValidate
          onSubmit={(event) => {
            event.preventDefault();
            commands.saveOwn({ ...own, email });
          }}
        >
          <label for="own-email">{words("own-email")}</label>
          <div class="own-email">
            <input
              id="own-email"
              type="email"
              autocomplete="email"
              value={email}
              data-testid="own-email"
              aria-invalid={wrong}
              aria-describedby={wrong ? "own-email-wrong" : undefined}
              onInput={(event) => setEmail(event.currentTarget.value.trim())}
            />
            <Button submit testid="own-email-save" onPress={() => {}}>
              {words("own-save")}
            </Button>
          </div>
          {wrong && <small id="own-email-wrong">{words("own-email-wrong")}</small>}
        </form>
      )}
      {push === "on" || push === "off" ? (
        <Switch on={push === "on"} testid="push" onChange={commands.setPush}>
          {words("own-push")}
        </Switch>
      ) : (
        <small data-testid="push-none">{words(`own-push-${push}`)}</small>
      )}
      {!own.email_available && push === "unavailable" && (
        <p class="notice" data-testid="no-way">
          <Icon name="warning" />
          <span>{words("own-no-way")}</span>
        </p>
      )}
    </div>
  );
}
