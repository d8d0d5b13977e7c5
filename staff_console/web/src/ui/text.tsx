// Real-time text, both ways, letter by letter. Finished lines are spoken; a line in the making is only shown.
import { useEffect, useRef } from "preact/hooks";
import { MAX_TEXT_CHARS } from "../protocol/messages";
import { visible } from "../state/text";
import { useDesk } from "./context";
import { Button } from "./controls/button";

export function TextPanel() {
  const { state, commands, words } = useDesk();
  const end = useRef<HTMLDivElement>(null);
  const field = useRef<HTMLInputElement>(null);
  const lines = visible(state.conversation.value);
  const done = lines.filter((line) => line.done);
  const open = lines.filter((line) => !line.done && line.author === "visitor");

  useEffect(() => {
    end.current?.scrollIntoView({ block: "nearest" });
  }, [state.conversation.value]);

  return (
    <section class="panel text" data-testid="text">
      <h2>{words("text-title")}</h2>
      <div class="text-scroll" tabIndex={0} role="group" aria-label={words("text-title")}>
        {lines.length === 0 && <p class="soft">{words("text-empty")}</p>}
        <div role="log" aria-live="polite" aria-label={words("text-title")}>
          <ol class="text-lines">
            {done.map((line) => (
              <li
                key={`${line.author}-${line.entry}`}
                class={`text-line by-${line.author}`}
                data-testid={`text-${line.author}`}
              >
                <span class="text-who">{words(line.author === "staff" ? "text-you" : "text-visitor")}</span>
                <span class="text-words">{line.text}</span>
              </li>
            ))}
          </ol>
        </div>
        {open.map((line) => (
          <p
            key={line.entry}
            class="text-line by-visitor text-open"
            aria-live="off"
            data-testid="text-visitor-open"
          >
            <span class="text-who">
              {words("text-visitor")} {words("text-typing")}
            </span>
            <span class="text-words">{line.text}</span>
          </p>
        ))}
        <div ref={end} />
      </div>
      <form
        class="text-form"
        onSubmit={(event) => {
          event.preventDefault();
          commands.sendLine();
        }}
      >
        <input
          ref={field}
          aria-label={words("text-label")}
          placeholder={words("text-placeholder")}
          maxLength={MAX_TEXT_CHARS}
          autocomplete="off"
          value={state.draft.value}
          data-testid="text-input"
          onInput={(event) => commands.type(event.currentTarget.value)}
        />
        <Button look="plain" icon="send" submit testid="text-send" onPress={() => {}}>
          {words("text-send")}
        </Button>
      </form>
    </section>
  );
}
