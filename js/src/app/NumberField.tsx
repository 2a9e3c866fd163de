/** A field for a number: taken over on Enter or on leaving it. */

interface NumberFieldProps {
  label: string;
  value: number;
  step: number | "any";
  onCommit: (value: number) => void;
}

export function NumberField({ label, value, step, onCommit }: NumberFieldProps) {
  const commit = (field: HTMLInputElement) => {
    if (field.value !== "" && Number(field.value) !== value) onCommit(Number(field.value));
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
      // JupyterLab takes Enter for itself, and with it the change that a browser would make of it.
      onKeyDown={(event) => event.key === "Enter" && commit(event.currentTarget)}
    />
  );
}
