// The door to the library's forms: an address of their own, and their code fetched when somebody opens it.
import { computed, effect, signal } from "@preact/signals";
import type { FunctionComponent } from "preact";
import type { OfficeApi } from "../admin/context";
import type { ConsoleState } from "../state/console";
import { keepsKiosks } from "../state/own";
import type { ManageDoor } from "../ui/app";
import type { Words } from "../ui/words";

const ADDRESS = /^#manage(\/|$)/;

export interface ManageDoorDeps {
  readonly state: ConsoleState;
  readonly words: Words;
  readonly api: OfficeApi;
  readonly window: Window;
}

export function createManageDoor({ state, words, api, window }: ManageDoorDeps): ManageDoor {
  const wanted = signal(ADDRESS.test(window.location.hash));
  const Page = signal<FunctionComponent | null>(null);
  const missing = signal(false);
  const allowed = computed(() => keepsKiosks(state.staff.value?.roles ?? []));
  // Who keeps the library and answers nobody has no desk: the forms are what there is.
  const open = computed(() => allowed.value && (wanted.value || state.link.value === "forbidden"));
  let fetching = false;

  window.addEventListener("hashchange", () => {
    wanted.value = ADDRESS.test(window.location.hash);
  });

  // A notice was clicked while this page is open (`push.js`): no other page is loaded, for a conversation may go on.
  window.navigator.serviceWorker?.addEventListener("message", ({ data }: MessageEvent<unknown>) => {
    const place = typeof data === "object" && data !== null && "place" in data ? data.place : null;
    if (typeof place === "string" && ADDRESS.test(place)) window.location.hash = place;
  });

  async function fetchPage(): Promise<void> {
    fetching = true;
    missing.value = false;
    try {
      const { createManage } = await import("../admin/index");
      Page.value = createManage({ state, api, window }).Manage;
    } catch {
      // A newer console stands on the server, or there is no network.
      missing.value = true;
    } finally {
      fetching = false;
    }
  }
  effect(() => {
    if (open.value && Page.value === null && !fetching) void fetchPage();
  });

  return {
    allowed,
    open,
    page() {
      const Found = Page.value;
      if (Found !== null) return <Found />;
      return (
        <main class="desk-wait">
          <p role="status">{words(missing.value ? "outdated" : "starting")}</p>
          {missing.value && (
            <button type="button" class="button" onClick={() => window.location.reload()}>
              {words("outdated-do")}
            </button>
          )}
        </main>
      );
    },
  };
}
