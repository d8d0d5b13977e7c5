// What calls were like: of one kiosk or of all, newest first, fifty records at a time. Of no person and no content.
import type { AdminView, CallRow } from "../protocol/messages";
import { useDesk } from "../ui/context";
import { Icon, type IconName } from "../ui/controls/icon";
import { useOffice } from "./context";
import { OlderFoot, useOlder } from "./older";
import { type CallSeen, callsOf, lasted } from "./rules/calls";
import { momentText } from "./rules/days";
import { namesOf } from "./rules/log";

const ICONS: Readonly<Record<CallSeen["worst"], IconName>> = {
  good: "wifi",
  fair: "wifiHigh",
  poor: "wifiLow",
  sound_only: "volume",
};

export function CallsPage({ view, kiosk }: { view: AdminView; kiosk: string | null }) {
  const { say, api, keeping } = useOffice();
  // Another kiosk is another page (its key): each begins with the newest.
  const list = useOlder<CallRow>((before) => api.calls(kiosk, before));
  const names = namesOf(view);
  const branches = new Map(view.branches.map(({ id, name }) => [id, name]));
  return (
    <section class="log" aria-labelledby="calls-title" aria-busy={list.busy} data-testid="calls">
      <h2 id="calls-title">{say("admin-kind-calls")}</h2>
      <p class="soft">{say("admin-kind-calls-lead")}</p>
      <div class="field calls-of">
        <label for="calls-kiosk">{say("admin-calls-kiosk")}</label>
        <select
          id="calls-kiosk"
          value={kiosk ?? ""}
          data-testid="calls-kiosk"
          onChange={(event) => keeping.go({ kind: "calls", id: event.currentTarget.value || null })}
        >
          <option value="">{say("admin-calls-all")}</option>
          {view.kiosks.map(({ id, name, branch_id }) => (
            <option key={id} value={id}>
              {`${branches.get(branch_id) ?? ""}: ${name}`}
            </option>
          ))}
        </select>
      </div>
      <ol class="log-rows">
        {callsOf(list.rows).map((call) => (
          <Call
            key={call.visitId}
            call={call}
            place={[branches.get(call.branchId), names.get(call.kioskId)].filter(Boolean).join(", ")}
            zone={view.library.time_zone}
          />
        ))}
      </ol>
      {list.none && <p data-testid="calls-none">{say("admin-calls-none")}</p>}
      <OlderFoot list={list} testid="calls-more" />
    </section>
  );
}

/** One visit: a sentence first, the figures behind it. */
function Call({ call, place, zone }: { call: CallSeen; place: string; zone: string }) {
  const { state } = useDesk();
  const { say } = useOffice();
  const { id, count } = lasted(call.seconds);
  return (
    <li class="log-row" data-testid="call-row" data-worst={call.worst}>
      <time class="soft" dateTime={call.at}>
        {momentText(call.at, zone, state.preferences.value.language)}
      </time>
      <div class="call-seen">
        <p>
          <strong>{place}</strong>, {say(id, { count })}
        </p>
        <p class={call.worst === "good" || call.worst === "fair" ? "well condition" : "ill condition"}>
          <Icon name={ICONS[call.worst]} />
          {say(`admin-calls-${call.worst}`)}
        </p>
        {call.renewals > 0 && <p>{say("admin-calls-renewed", { count: call.renewals })}</p>}
        {call.faults.map((fault) => (
          <p key={fault}>{say(`admin-calls-fault-${fault}`)}</p>
        ))}
        {call.troubles.map((trouble) => (
          <p key={trouble}>{say(`admin-calls-trouble-${trouble}`)}</p>
        ))}
        <details>
          <summary data-testid="call-figures">{say("admin-calls-figures")}</summary>
          {call.rows.map((row) => (
            <Figures key={`${row.generation} ${row.party} ${row.at}`} row={row} />
          ))}
        </details>
      </div>
    </li>
  );
}

function Figures({ row }: { row: CallRow }) {
  const { state, words } = useDesk();
  const { say } = useOffice();
  const language = state.preferences.value.language;
  const number = (value: number, decimals: number) =>
    new Intl.NumberFormat(language, { maximumFractionDigits: decimals }).format(value);
  const unknown = words("figure-unknown");
  const percent = (value: number | null) =>
    value === null ? unknown : words("figure-percent", { value: number(value, 1) });
  const milliseconds = (value: number | null) =>
    value === null ? unknown : words("figure-ms", { value: number(value, 0) });
  const { id, count } = lasted(row.seconds);
  const lines: readonly (readonly [string, string])[] = [
    ["figure-seconds", say(id, { count })],
    ["figure-connect", milliseconds(row.connect_ms)],
    ["figure-round-trip", milliseconds(row.round_trip_ms)],
    ["figure-loss-in", percent(row.loss_in_percent)],
    ["figure-loss-out", percent(row.loss_out_percent)],
    ["figure-concealed", percent(row.concealed_percent)],
    ["figure-freezes", words("figure-times", { times: row.freezes, seconds: number(row.frozen_s, 1) })],
    [
      "figure-sent",
      row.width_sent === 0
        ? words("figure-no-picture")
        : words("figure-size", { width: `${row.width_sent}`, height: `${row.height_sent}` }),
    ],
    ["figure-codec", [row.audio_codec, row.video_codec].filter((one) => one !== "").join(", ") || unknown],
    [
      "figure-route",
      !row.relayed
        ? words("figure-direct")
        : row.relay === null
          ? words("figure-relayed")
          : words("figure-relayed-by", { transport: row.relay.toUpperCase() }),
    ],
  ];
  return (
    <div class="call-end" data-testid="call-end">
      <h3>
        {say(`admin-calls-at-${row.party}`, { generation: row.generation })}
        {row.engine !== null && (
          <span class="soft"> {say("admin-calls-engine", { engine: row.engine })}</span>
        )}
      </h3>
      <dl class="facts figures">
        {lines.map(([name, value]) => (
          <div key={name} class="facts-row">
            <dt>{words(name)}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </div>
  );
}
