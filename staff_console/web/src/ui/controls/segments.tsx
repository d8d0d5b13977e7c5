// One of a few, side by side.

export interface SegmentsProps<Value extends string> {
  readonly label: string;
  readonly values: readonly Value[];
  readonly chosen: Value;
  readonly word: (value: Value) => string;
  /** The language of each word, where the words are in languages of their own. */
  readonly lang?: (value: Value) => string;
  readonly onChoose: (value: Value) => void;
  /** The start of each choice's test id. */
  readonly testid: string;
}

export function Segments<Value extends string>(props: SegmentsProps<Value>) {
  return (
    <fieldset class="segments">
      <legend>{props.label}</legend>
      {props.values.map((value) => (
        <button
          key={value}
          type="button"
          class="segment"
          lang={props.lang?.(value)}
          aria-pressed={value === props.chosen}
          data-testid={`${props.testid}-${value}`}
          onClick={() => props.onChoose(value)}
        >
          {props.word(value)}
        </button>
      ))}
    </fieldset>
  );
}
