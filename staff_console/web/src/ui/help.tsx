// What helps during a visit: where the visitor is, and what is known of the branch.

import type { Language, StaffView } from "../protocol/messages";
import { clock, secondsSince } from "../state/line";
import { useDesk } from "./context";

/** A service in the librarian's own language. */
export function serviceName(view: StaffView, serviceId: string, language: Language): string {
  const names = view.services[serviceId]?.names;
  return names?.[language] ?? Object.values(names ?? {})[0] ?? serviceId;
}

export function BranchHelp() {
  const { state, words } = useDesk();
  const view = state.view.value;
  const visit = view?.visit;
  if (!view || !visit) return null;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: long notes scroll, and may hold nothing else to focus
    <section class="panel branch" data-testid="branch" aria-labelledby="branch-title" tabIndex={0}>
      <h2 id="branch-title">{words("help-title")}</h2>
      <dl class="facts">
        <dt>{words("help-kiosk")}</dt>
        <dd>{visit.kiosk_name}</dd>
        <dt>{words("help-service")}</dt>
        <dd>{serviceName(view, visit.service_id, state.preferences.value.language)}</dd>
        <dt>{words("help-language")}</dt>
        <dd data-testid="visit-language">{words(`language-${visit.language}`)}</dd>
        {visit.branch_phone && (
          <>
            <dt>{words("help-phone")}</dt>
            <dd>
              <a href={`tel:${visit.branch_phone.replace(/\s/g, "")}`}>{visit.branch_phone}</a>
            </dd>
          </>
        )}
        {visit.talking_since && (
          <>
            <dt>{words("help-duration")}</dt>
            <dd class="time">{clock(secondsSince(visit.talking_since, state.nowMs.value))}</dd>
          </>
        )}
      </dl>
      {visit.branch_notes && (
        <>
          <h3>{words("help-notes")}</h3>
          <p class="notes">{visit.branch_notes}</p>
        </>
      )}
    </section>
  );
}
