// A branch: name, phone, notes for colleagues, hours, and closing it for a while.
import { useState } from "preact/hooks";
import {
  type AdminView,
  MAX_AUDIO_KBPS,
  MAX_VIDEO_KBPS,
  MIN_AUDIO_KBPS,
  MIN_VIDEO_KBPS,
} from "../../protocol/messages";
import { useDesk } from "../../ui/context";
import { Button } from "../../ui/controls/button";
import { Icon } from "../../ui/controls/icon";
import { Confirm } from "../confirm";
import { useField, useOffice } from "../context";
import { Notes } from "../fields/frame";
import { HoursField } from "../fields/hours";
import { NumberField, SwitchField, TextField } from "../fields/plain";
import { TextsField } from "../fields/texts";
import { momentText } from "../rules/days";
import { localOf, momentOf } from "../rules/zone";

export function BranchFields({ view }: { view: AdminView }) {
  const { say } = useOffice();
  const mayEdit = view.allowed.edit_branch === true;
  return (
    <>
      <ClosedNow zone={view.library.time_zone} />
      {mayEdit && (
        <>
          <div class="pair">
            <TextField name="name" label={say("admin-name")} required />
            <TextField
              name="phone"
              label={say("admin-branch-phone")}
              hint={say("admin-branch-phone-hint")}
              type="tel"
              required
            />
          </div>
          <TextField
            name="notes"
            label={say("admin-branch-notes")}
            hint={say("admin-branch-notes-hint")}
            lines={4}
          />
          <HoursField name="hours" label={say("admin-hours")} always={say("admin-branch-always")} />
        </>
      )}
      <Closing zone={view.library.time_zone} />
      {mayEdit && <Network view={view} />}
    </>
  );
}

/** A branch that is closed, said first, with the one click that opens it again. */
function ClosedNow({ zone }: { zone: string }) {
  const { state } = useDesk();
  const { say, keeping } = useOffice();
  const [asked, setAsked] = useState(false);
  const base = keeping.draft.value?.base;
  const until = base?.closed_until as string | null;
  if (base?.closed !== true) return null;
  const over = until !== null && Date.parse(until) <= state.nowMs.value;
  const language = state.preferences.value.language;
  return (
    <div class="notice" data-testid="closed-now">
      <Icon name="door" />
      <p>
        {over
          ? say("admin-branch-closed-over")
          : until === null
            ? say("admin-branch-closed-now")
            : say("admin-branch-closed-until", { time: momentText(until, zone, language) })}
      </p>
      <Button testid="open-again" busy={keeping.busy.value !== ""} onPress={() => setAsked(true)}>
        {say("admin-branch-open")}
      </Button>
      {asked && (
        <Confirm
          title={say("admin-branch-open-title", { name: String(base.name) })}
          lead={say("admin-branch-open-lead")}
          word={say("admin-branch-open")}
          onNo={() => setAsked(false)}
          onYes={() => {
            setAsked(false);
            void keeping.saveOnly({ closed: false, closed_until: null, closed_texts: {} });
          }}
        />
      )}
    </div>
  );
}

function Closing({ zone }: { zone: string }) {
  const { say } = useOffice();
  const closed = useField<boolean>("closed");
  const until = useField<string | null>("closed_until");
  return (
    <fieldset class="group">
      <legend>{say("admin-branch-closing")}</legend>
      <SwitchField name="closed" label={say("admin-branch-closed")} hint={say("admin-branch-closed-hint")} />
      {closed.value && (
        <>
          <div class="field">
            <label for="closed_until">{say("admin-branch-until")}</label>
            <input
              id="closed_until"
              type="datetime-local"
              value={until.value === null ? "" : localOf(until.value, zone)}
              aria-describedby="closed_until-hint"
              data-testid="field-closed_until"
              onChange={(event) => until.set(momentOf(event.currentTarget.value, zone))}
            />
            <Notes name="closed_until" field={until} hint={say("admin-branch-until-hint")} />
          </div>
          <TextsField
            name="closed_texts"
            label={say("admin-branch-closed-texts")}
            hint={say("admin-branch-closed-texts-hint")}
            lines={2}
            optional
          />
        </>
      )}
    </fieldset>
  );
}

/** What calls may take of the branch's line, and whether they go through the relay. */
function Network({ view }: { view: AdminView }) {
  const { say } = useOffice();
  const { value: relayed } = useField<boolean>("relay_only");
  const hint = view.relay_always ? "always" : view.relay_available ? "hint" : "none";
  return (
    <fieldset class="group" data-testid="branch-network">
      <legend>{say("admin-branch-network")}</legend>
      <div class="pair">
        <NumberField
          name="video_max_kbps"
          label={say("admin-branch-video")}
          hint={say("admin-branch-video-hint", { min: MIN_VIDEO_KBPS, max: MAX_VIDEO_KBPS })}
          unit="kbit/s"
          min={MIN_VIDEO_KBPS}
          max={MAX_VIDEO_KBPS}
        />
        <NumberField
          name="audio_max_kbps"
          label={say("admin-branch-audio")}
          hint={say("admin-branch-audio-hint", { min: MIN_AUDIO_KBPS, max: MAX_AUDIO_KBPS })}
          unit="kbit/s"
          min={MIN_AUDIO_KBPS}
          max={MAX_AUDIO_KBPS}
        />
      </div>
      {view.relay_available || relayed ? (
        <SwitchField
          name="relay_only"
          label={say("admin-branch-relay")}
          hint={say(`admin-branch-relay-${hint}`)}
        />
      ) : (
        <p class="soft" data-testid="no-relay">
          {say("admin-branch-relay-none")}
        </p>
      )}
    </fieldset>
  );
}
