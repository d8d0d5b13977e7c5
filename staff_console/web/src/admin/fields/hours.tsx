// Weekly hours: a line a day, several spans a day, quick by keyboard (8, 830, Tab) and by touch.
import { Fragment } from "preact";
import { useState } from "preact/hooks";
import type { HoursForm, SpanForm } from "../../protocol/messages";
import { Button } from "../../ui/controls/button";
import { Icon } from "../../ui/controls/icon";
import { Switch } from "../../ui/controls/switch";
import { useField, useOffice } from "../context";
import {
  clockOf,
  copied,
  firstHours,
  MAX_SPANS_A_DAY,
  spanFaults,
  withoutSpan,
  withSpan,
  withTime,
} from "../rules/hours";
import { Notes, Wrong } from "./frame";
import { TimeInput } from "./time";

const ENDS = ["opens_min", "closes_min"] as const;
const DAYS = [0, 1, 2, 3, 4, 5, 6];
const WEEKDAYS = [1, 2, 3, 4];

export interface HoursFieldProps {
  readonly name: string;
  readonly label: string;
  /** What "always" means here. */
  readonly always: string;
}

export function HoursField({ name, label, always }: HoursFieldProps) {
  const { say } = useOffice();
  const field = useField<HoursForm | null>(name);
  // What was set before "always" was tried comes back with it.
  const [before, setBefore] = useState<HoursForm | null>(null);
  const hours = field.value;
  return (
    <fieldset class="hours-field" data-testid={`field-${name}`}>
      <legend>{label}</legend>
      <Switch
        on={hours === null}
        testid={`field-${name}-always`}
        onChange={(on) => {
          if (on) setBefore(hours);
          field.set(on ? null : (before ?? firstHours()));
        }}
      >
        {always}
      </Switch>
      {hours !== null && <Week hours={hours} onChange={field.set} />}
      <Notes name={name} field={field} spoken={() => say("admin-hours-others")} />
    </fieldset>
  );
}

function Week({ hours, onChange }: { hours: HoursForm; onChange: (hours: HoursForm) => void }) {
  const { say } = useOffice();
  const set = (week: SpanForm[][]) => onChange({ ...hours, week });
  return (
    <>
      <p class="soft">{say("admin-hours-lead")}</p>
      <div class="week">
        {DAYS.map((day) => (
          <div key={day} class="week-day" data-testid={`day-${day}`}>
            <span class="week-name">{say(`admin-day-${day}`)}</span>
            <Spans
              spans={hours.week[day] ?? []}
              where={say(`admin-day-${day}`)}
              testid={`day-${day}`}
              onChange={(spans) => set(hours.week.map((old, index) => (index === day ? spans : old)))}
            />
          </div>
        ))}
      </div>
      <div class="week-copies">
        <Button testid="copy-weekdays" icon="copy" onPress={() => set(copied(hours.week, 0, WEEKDAYS))}>
          {say("admin-hours-copy-weekdays")}
        </Button>
        <Button testid="copy-week" icon="copy" onPress={() => set(copied(hours.week, 0, DAYS))}>
          {say("admin-hours-copy-week")}
        </Button>
      </div>
      <Switch
        on={hours.closed_on_holidays}
        testid="field-holidays"
        onChange={(closed_on_holidays) => onChange({ ...hours, closed_on_holidays })}
      >
        {say("admin-hours-holidays")}
      </Switch>
    </>
  );
}

export interface SpansProps {
  readonly spans: readonly SpanForm[];
  /** The day, for those who hear the page. */
  readonly where: string;
  readonly testid: string;
  readonly onChange: (spans: SpanForm[]) => void;
}

/** The hours of one day; none: closed. */
export function Spans({ spans, where, testid, onChange }: SpansProps) {
  const { say } = useOffice();
  const faults = spanFaults(spans);
  const wrong = faults.find((fault) => fault !== null);
  return (
    <div class="spans">
      {spans.length === 0 && <span class="soft spans-closed">{say("admin-hours-closed")}</span>}
      {spans.map((span, at) => (
        <span class="span" key={at}>
          {ENDS.map((end) => (
            <Fragment key={end}>
              {end === "closes_min" && <span aria-hidden="true">–</span>}
              <TimeInput
                minutes={span[end]}
                label={say(`admin-hours-${end}`, { day: where })}
                testid={`${testid}-${at}-${end}`}
                wrong={faults[at] !== null}
                describedBy={faults[at] === null ? undefined : `${testid}-fault`}
                onChange={(minutes) => onChange(withTime(spans, at, end, minutes))}
              />
            </Fragment>
          ))}
          <button
            type="button"
            class="round"
            aria-label={say("admin-hours-remove", {
              day: where,
              hours: `${clockOf(span.opens_min)}–${clockOf(span.closes_min)}`,
            })}
            data-testid={`${testid}-${at}-remove`}
            onClick={() => onChange(withoutSpan(spans, at))}
          >
            <Icon name="x" />
          </button>
        </span>
      ))}
      {spans.length < MAX_SPANS_A_DAY && (
        <button
          type="button"
          class="round-add"
          data-testid={`${testid}-add`}
          onClick={() => onChange(withSpan(spans))}
        >
          <Icon name="plus" />
          <span class="unseen">{where}: </span>
          {say(spans.length === 0 ? "admin-hours-open" : "admin-hours-add")}
        </button>
      )}
      <Wrong id={`${testid}-fault`} text={wrong ? say(`admin-hours-fault-${wrong}`) : undefined} />
    </div>
  );
}
