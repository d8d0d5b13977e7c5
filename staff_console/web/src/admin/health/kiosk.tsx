// One kiosk: whether it can take a call, what is wrong and what mends it, what can be asked of it, and what it measured.
import { useEffect, useRef } from "preact/hooks";
import type { AdminView, FindingRow, HealthRow } from "../../protocol/messages";
import { useDesk } from "../../ui/context";
import { Icon } from "../../ui/controls/icon";
import { useOffice } from "../context";
import { findingText, takesCalls } from "../rules/health";
import { addressOf, may } from "../rules/kinds";
import { byArea, numberText } from "../rules/numbers";
import { History } from "./history";
import { LightMark } from "./light";
import { LockSection } from "./lock";
import { Orders } from "./orders";
import { PinSection } from "./pin";
import { Ago, type Times, useTimes } from "./times";

export interface KioskHealthProps {
  readonly view: AdminView;
  readonly row: HealthRow;
  /** When the server told it. */
  readonly now: string;
}

export function KioskHealth({ view, row, now }: KioskHealthProps) {
  const { say } = useOffice();
  const title = useRef<HTMLHeadingElement>(null);
  const times = useTimes(now);
  const branch = view.branches.find(({ id }) => id === row.branch_id)?.name ?? "";
  // Who came here by a line of the list reads on from here.
  useEffect(() => title.current?.focus(), []);
  return (
    <div class="kiosk-health" data-testid="kiosk-health" data-light={row.light}>
      <header class={`health-answer health-answer-${row.light}`}>
        <h2 id="health-title" ref={title} tabIndex={-1}>
          {row.name}
          <span class="soft health-branch-name"> {branch}</span>
        </h2>
        <p class="health-verdict" data-testid="health-verdict">
          <LightMark light={row.light} word={say(verdict(row))} />
        </p>
        {row.since !== null && (
          <p class="soft">
            {say("admin-health-since", { when: times.at(row.since), span: times.lasted(row.since) })}
          </p>
        )}
      </header>
      <Findings findings={row.findings} times={times} />
      <Orders view={view} row={row} times={times} />
      {may(view, ["lock_kiosk"]) && <LockSection row={row} />}
      <Facts view={view} row={row} times={times} />
      <Numbers row={row} />
      <History view={view} kioskId={row.kiosk_id} now={now} />
      {may(view, ["set_kiosk_pin"]) && <PinSection kioskId={row.kiosk_id} isSet={row.pin_set} />}
    </div>
  );
}

/** "Can this kiosk take a call right now?" */
function verdict(row: HealthRow): string {
  if (row.light === "grey") return "admin-health-unknown";
  if (!takesCalls(row)) return "admin-health-no";
  return row.light === "green" ? "admin-health-yes" : "admin-health-yes-but";
}

function Findings({ findings, times }: { findings: readonly FindingRow[]; times: Times }) {
  const { state } = useDesk();
  const { say } = useOffice();
  if (findings.length === 0)
    return (
      <p class="health-calm" data-testid="findings-none">
        <Icon name="check" />
        {say("admin-health-findings-none")}
      </p>
    );
  return (
    <section class="health-part" aria-labelledby="findings-title">
      <h3 id="findings-title">{say("admin-health-findings")}</h3>
      <ol class="findings">
        {findings.map(({ code, light, since }) => {
          const { sentence, remedy } = findingText(code, state.preferences.value.language);
          return (
            <li key={code} class={`finding finding-${light}`} data-testid="finding" data-code={code}>
              <p class="finding-says">
                <LightMark light={light} />
                <strong>{sentence}</strong>
              </p>
              {remedy !== "" && <p class="finding-remedy">{remedy}</p>}
              <p class="soft">
                {say("admin-health-since", { when: times.at(since), span: times.lasted(since) })}
              </p>
            </li>
          );
        })}
      </ol>
    </section>
  );
}

/** What proves that it lives, its last call, and what it runs. */
function Facts({ view, row, times }: { view: AdminView; row: HealthRow; times: Times }) {
  const { say } = useOffice();
  const none = say("admin-health-not-yet");
  const when = (moment: string | null) => (moment === null ? none : <Ago moment={moment} times={times} />);
  const asked = row.version_asked !== "" && row.version_asked !== row.version;
  return (
    <section class="health-part" aria-labelledby="facts-title">
      <h3 id="facts-title">{say("admin-health-facts")}</h3>
      <dl class="facts figures health-facts">
        <Fact name="connected">
          {row.connected ? (
            say("admin-health-connected-now")
          ) : row.seen_at === null ? (
            say("admin-health-connected-never")
          ) : (
            <>
              {say("admin-health-connected-no")} {when(row.seen_at)}
            </>
          )}
        </Fact>
        <Fact name="drawn">
          {row.drawn_at === null ? (
            say("admin-health-drawn-never")
          ) : (
            <>
              {say("admin-health-drawn-proven")} {when(row.drawn_at)}
            </>
          )}
        </Fact>
        <Fact name="tested">{when(row.tested_at)}</Fact>
        <Fact name="reported">
          {when(row.reported_at)}
          {row.test !== null && <span class="soft"> ({say(`admin-test-${row.test}`)})</span>}
        </Fact>
        <Fact name="call">
          {row.call_at === null ? (
            say("admin-calls-none")
          ) : (
            <>
              <Ago moment={row.call_at} times={times} />
              {row.call_worst !== null && <>. {say(`admin-calls-${row.call_worst}`)}</>}
            </>
          )}
        </Fact>
        <Fact name="version">
          {row.version || none}
          {asked && (
            <span class="health-asked" data-testid="version-asked">
              {" "}
              {say("admin-health-version-asked", { version: row.version_asked })}
            </span>
          )}
        </Fact>
        {row.engine !== null && <Fact name="engine">{row.engine}</Fact>}
      </dl>
      <p class="health-links">
        <a class="button" href={addressOf({ kind: "calls", id: row.kiosk_id })} data-testid="health-calls">
          {say("admin-kiosk-calls")}
        </a>
        {may(view, ["edit_kiosk", "rename_kiosk"]) && (
          <a
            class="button"
            href={addressOf({ kind: "kiosks", id: row.kiosk_id })}
            data-testid="health-settings"
          >
            <Icon name="sliders" />
            {say("admin-health-settings")}
          </a>
        )}
      </p>
    </section>
  );
}

function Fact({ name, children }: { name: string; children: preact.ComponentChildren }) {
  const { say } = useOffice();
  return (
    <div class="facts-row" data-testid={`fact-${name}`}>
      <dt>{say(`admin-fact-${name}`)}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function Numbers({ row }: { row: HealthRow }) {
  const { state } = useDesk();
  const { say } = useOffice();
  const areas = byArea(row.numbers);
  if (areas.length === 0) return null;
  return (
    <section class="health-part" aria-labelledby="numbers-title">
      <h3 id="numbers-title">{say("admin-health-numbers")}</h3>
      <div class="health-areas">
        {areas.map(([area, names]) => (
          <div key={area}>
            <h4>{say(`admin-area-${area}`)}</h4>
            <dl class="facts figures">
              {names.map((name) => (
                <div key={name} class="facts-row" data-testid={`number-${name}`}>
                  <dt>{say(`admin-number-${name}`)}</dt>
                  <dd>{numberText(name, row.numbers[name] ?? 0, state.preferences.value.language, say)}</dd>
                </div>
              ))}
            </dl>
          </div>
        ))}
      </div>
    </section>
  );
}
