/** Fields of forms; JupyterLab leaves their keys to them. */
import type { ComponentChildren, JSX } from "preact";

interface SelectProps<Value> {
  value: Value;
  offered: readonly { value: Value; text: string }[];
  onChange: (value: Value) => void;
  title?: string;
  "aria-label"?: string;
}

export function Select<Value extends string | number>({ offered, onChange, ...rest }: SelectProps<Value>) {
  return (
    <select
      {...rest}
      class="tw-select"
      data-lm-suppress-shortcuts="true"
      onChange={({ currentTarget }) => {
        const chosen = offered.find(({ value }) => String(value) === currentTarget.value);
        if (chosen) onChange(chosen.value);
      }}
    >
      {offered.map(({ value, text }) => (
        <option key={value} value={value}>
          {text}
        </option>
      ))}
    </select>
  );
}

interface ChoiceProps {
  /** Of choices that exclude each other, the name that they share. */
  name?: string;
  checked: boolean;
  disabled?: boolean;
  onChange: (checked: boolean) => void;
  children: ComponentChildren;
}

/** A box to tick, or one of several choices. */
export function Choice({ onChange, children, ...rest }: ChoiceProps) {
  return (
    <label class="tw-choice">
      <input
        {...rest}
        type={rest.name ? "radio" : "checkbox"}
        data-lm-suppress-shortcuts="true"
        onChange={({ currentTarget }) => onChange(currentTarget.checked)}
      />
      {children}
    </label>
  );
}

type Attributes = Omit<Extract<JSX.IntrinsicElements["input"], { type: "range" }>, "type">;

export function Slider(attributes: Attributes) {
  return <input type="range" class="tw-slider" data-lm-suppress-shortcuts="true" {...attributes} />;
}
