// The library itself: name, language, clock, holidays, and the number in an emergency.
import type { AdminView } from "../../protocol/messages";
import { useDesk } from "../../ui/context";
import { useOffice } from "../context";
import { SelectField, TextField } from "../fields/plain";
import { TimeField } from "../fields/time";
import { LANGUAGES } from "../rules/texts";

export function LibraryFields({ view }: { view: AdminView }) {
  const { state, words } = useDesk();
  const { say } = useOffice();
  const countries = new Intl.DisplayNames([state.preferences.value.language], { type: "region" });
  const named = view.countries.map((code) => ({ value: code, label: countries.of(code) ?? code }));
  named.sort((one, other) => one.label.localeCompare(other.label, state.preferences.value.language));
  return (
    <>
      <TextField name="name" label={say("admin-name")} hint={say("admin-library-name-hint")} required />
      <SelectField
        name="default_language"
        label={say("admin-library-language")}
        hint={say("admin-library-language-hint")}
        choices={LANGUAGES.map((value) => ({ value, label: words(`language-${value}`) }))}
      />
      <div class="pair">
        <SelectField
          name="time_zone"
          label={say("admin-library-zone")}
          choices={view.time_zones.map((value) => ({ value, label: value.replace("_", " ") }))}
        />
        <SelectField
          name="country"
          label={say("admin-library-country")}
          hint={say("admin-library-country-hint")}
          choices={[{ value: "", label: say("admin-library-country-none") }, ...named]}
        />
      </div>
      <TextField
        name="urgent_number"
        label={say("admin-library-urgent")}
        hint={say("admin-library-urgent-hint")}
        type="tel"
        required
      />
      <fieldset class="group">
        <legend>{say("admin-library-alerts")}</legend>
        <p class="soft">{say("admin-library-alerts-lead")}</p>
        <div class="pair">
          <TimeField name="alert_quiet_from_min" label={say("admin-library-alerts-from")} />
          <TimeField name="alert_quiet_to_min" label={say("admin-library-alerts-to")} />
        </div>
        <small>{say("admin-quiet-hint")}</small>
      </fieldset>
    </>
  );
}
