/** A field for a number, applied on Enter or on leaving it. */

interface NumberFieldProps {
  label: string;
  value: number;
  step: number | "any";
  onCommit: (value: number) => void;
}

export function NumberField({ label, value, step, onCommit }: NumberFieldProps) {
  const commit = (field: HTMLInputElement) => {
    if (field.value === "") field.value = String(value);
    else if (Number(field.value) !== value) onCommit(Number(field.value));
  };
  const onKey = (event: KeyboardEvent & { currentTarget: HTMLInputElement }) => {
    // JupyterLab takes Enter for itself, so the browser fires no change event.
    if (event.key === "Enter") commit(event.currentTarget);
    if (event.key !== "Escape") return;
    event.currentTarget.value = String(value);
    event.stopPropagation(); // on the map Escape clears the selection
  };
  return (
    <input
      type="number"
      class="tw-number"
      step={step}
      value={value}
      aria-label={label}
      data-lm-suppress-shortcuts="true"
      onChange={(event) => commit(event.currentTarget)}
      onKeyDown={onKey}
    />
  );
}
