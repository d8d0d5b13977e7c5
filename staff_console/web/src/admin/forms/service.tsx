// A service: its name, its languages, how it rings and for whom, and its hours.
import type { AdminView, TierForm } from "../../protocol/messages";
import { useDesk } from "../../ui/context";
import { Button } from "../../ui/controls/button";
import { Icon } from "../../ui/controls/icon";
import { useField, useOffice } from "../context";
import { ChecksField, RadioField } from "../fields/choices";
import { Notes, Wrong } from "../fields/frame";
import { HoursField } from "../fields/hours";
import { NumberField } from "../fields/plain";
import { TextsField } from "../fields/texts";
import { LANGUAGES } from "../rules/texts";
import { byWait, MAX_TIERS, type TeamChoice, teamChoices, withTier } from "../rules/tiers";

const POLICIES = ["ring_all", "longest_idle"] as const;

export function ServiceFields({ view }: { view: AdminView }) {
  const { words } = useDesk();
  const { say } = useOffice();
  return (
    <>
      <TextsField name="names" label={say("admin-service-names")} hint={say("admin-service-names-hint")} />
      <ChecksField
        name="languages"
        label={say("admin-service-languages")}
        hint={say("admin-service-languages-hint")}
        wide
        options={LANGUAGES.map((value) => ({ value, label: words(`language-${value}`), lang: value }))}
      />
      <RadioField
        name="offer_policy"
        label={say("admin-service-policy")}
        options={POLICIES.map((value) => ({
          value,
          label: say(`admin-policy-${value}`),
          lead: say(`admin-policy-${value}-lead`),
        }))}
      />
      <div class="pair">
        <NumberField
          name="ring_timeout_s"
          label={say("admin-service-ring")}
          hint={say("admin-service-ring-hint")}
          unit={say("admin-seconds")}
          min={5}
          max={300}
          optional
        />
        <NumberField
          name="choice_after_s"
          label={say("admin-service-choice")}
          hint={say("admin-service-choice-hint")}
          unit={say("admin-seconds")}
          min={10}
          max={900}
        />
      </div>
      <Tiers teams={teamChoices(view)} />
      <NumberField
        name="priority"
        label={say("admin-service-priority")}
        hint={say("admin-service-priority-hint")}
        unit=""
        min={-100}
        max={100}
      />
      <HoursField name="hours" label={say("admin-service-hours")} always={say("admin-service-always")} />
    </>
  );
}

/** Who is rung, and from how many seconds after the tap on. */
function Tiers({ teams }: { teams: readonly TeamChoice[] }) {
  const { say } = useOffice();
  const field = useField<readonly TierForm[]>("tiers");
  const tiers = field.value;
  const set = (at: number, change: Partial<TierForm>) =>
    field.set(tiers.map((tier, index) => (index === at ? { ...tier, ...change } : tier)));
  const free = teams.filter((team) => !tiers.some((tier) => tier.team_id === team.id));
  const [wrongAt, wrongPart] = (field.fault?.at ?? "").split(".");
  return (
    <fieldset class="group tiers" data-testid="field-tiers">
      <legend>{say("admin-service-tiers")}</legend>
      <small>{say(tiers.length === 0 ? "admin-tiers-none" : "admin-tiers-lead")}</small>
      <ol class="tier-list">
        {tiers.map((tier, at) => (
          <li class="tier" key={tier.team_id}>
            <span class="tier-number" aria-hidden="true">
              {at + 1}
            </span>
            <select
              aria-label={say("admin-tier-team", { number: at + 1 })}
              value={tier.team_id}
              aria-invalid={wrongAt === String(at)}
              data-testid={`tier-${at}-team`}
              onChange={(event) => set(at, { team_id: event.currentTarget.value })}
            >
              {teams
                .filter((team) => team.id === tier.team_id || free.includes(team))
                .map((team) => (
                  <option key={team.id} value={team.id}>
                    {team.library === "" ? team.name : `${team.name} · ${team.library}`}
                  </option>
                ))}
            </select>
            <span class="with-unit">
              <input
                type="number"
                inputMode="numeric"
                min={0}
                max={3600}
                value={Number.isNaN(tier.after_s) ? "" : tier.after_s}
                aria-label={say("admin-tier-after", { number: at + 1 })}
                data-testid={`tier-${at}-after`}
                onInput={(event) =>
                  set(at, {
                    after_s:
                      event.currentTarget.value === "" ? Number.NaN : Number(event.currentTarget.value),
                  })
                }
                onBlur={() => field.set(byWait(tiers))}
              />
              <span>{say("admin-seconds")}</span>
            </span>
            <button
              type="button"
              class="round"
              aria-label={say("admin-tier-remove", { number: at + 1 })}
              data-testid={`tier-${at}-remove`}
              onClick={() => field.set(tiers.filter((_, index) => index !== at))}
            >
              <Icon name="x" />
            </button>
            <Wrong
              id={`tier-${at}-fault`}
              text={wrongAt === String(at) && wrongPart !== undefined ? field.fault?.text : undefined}
            />
          </li>
        ))}
      </ol>
      {free[0] !== undefined && tiers.length < MAX_TIERS && (
        <Button testid="tier-add" icon="plus" onPress={() => field.set(withTier(tiers, free[0]?.id ?? ""))}>
          {say(tiers.length === 0 ? "admin-tier-first" : "admin-tier-add")}
        </Button>
      )}
      {teams.length === 0 && <small>{say("admin-tiers-no-teams")}</small>}
      <Notes
        name="tiers"
        field={wrongPart === undefined ? field : { ...field, fault: null }}
        spoken={(value) =>
          (value as TierForm[])
            .map(
              ({ team_id, after_s }) =>
                `${teams.find(({ id }) => id === team_id)?.name ?? "?"} (${after_s} s)`,
            )
            .join(", ")
        }
      />
    </fieldset>
  );
}
