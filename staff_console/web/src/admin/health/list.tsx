// All kiosks by branch: the whole in a sentence, then one line for each, the red ones first.
import type { AdminView, HealthRow, HealthView } from "../../protocol/messages";
import { useDesk } from "../../ui/context";
import { Icon } from "../../ui/controls/icon";
import { useOffice } from "../context";
import { byBranch, findingText, summary } from "../rules/health";
import { addressOf } from "../rules/kinds";
import { LightMark } from "./light";
import { type Times, useTimes } from "./times";

export function HealthList({ view, found }: { view: AdminView; found: HealthView }) {
  const { state } = useDesk();
  const { say } = useOffice();
  const times = useTimes(found.now);
  const names = new Map(view.branches.map(({ id, name }) => [id, name]));
  const [first, ...rest] = summary(found.kiosks, names);
  const worst = found.kiosks.some(({ light }) => light === "red")
    ? "red"
    : found.kiosks.every(({ light }) => light === "green")
      ? "green"
      : "amber";
  return (
    <>
      <div class={`health-sum health-sum-${worst}`} role="status" data-testid="health-sum">
        <Icon name={worst === "green" ? "circleCheck" : worst === "red" ? "octagonX" : "warning"} />
        <p>
          {first && <strong>{say(...first)}</strong>} {rest.map((said) => say(...said)).join(" ")}
        </p>
      </div>
      {byBranch(found.kiosks, names, state.preferences.value.language).map((branch) => (
        <section key={branch.id} class="health-branch" aria-labelledby={`branch-${branch.id}`}>
          <h3 id={`branch-${branch.id}`}>{branch.name}</h3>
          <ul class="health-rows">
            {branch.kiosks.map((row) => (
              <Row key={row.kiosk_id} row={row} times={times} />
            ))}
          </ul>
        </section>
      ))}
    </>
  );
}

function Row({ row, times }: { row: HealthRow; times: Times }) {
  const { state } = useDesk();
  const { say } = useOffice();
  const [first, ...more] = row.findings;
  return (
    <li>
      <a
        class={`health-row health-row-${row.light}`}
        href={addressOf({ kind: "health", id: row.kiosk_id })}
        data-testid={`health-${row.kiosk_id}`}
        data-light={row.light}
      >
        <LightMark light={row.light} />
        <strong class="health-name">{row.name}</strong>
        <span class="health-says">
          {first
            ? findingText(first.code, state.preferences.value.language).sentence
            : say("admin-health-well")}
          {more.length > 0 && <span class="soft"> {say("admin-health-more", { count: more.length })}</span>}
          {row.locked && <span class="mark">{say("admin-health-locked")}</span>}
          {row.in_visit && <span class="mark mark-plain">{say("admin-health-in-visit")}</span>}
        </span>
        {row.since !== null && (
          <time class="health-since soft" dateTime={row.since} title={times.at(row.since)}>
            {times.lasted(row.since)}
          </time>
        )}
      </a>
    </li>
  );
}
