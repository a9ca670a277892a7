// What a person types into a field, kept in a trait: at once in the page, in Python after a pause.
const PAUSE_MS = 120;

export function keepTyped(field, model, trait, signal) {
  let timer = 0;
  field.addEventListener("input", () => {
    model.set(trait, field.value);
    clearTimeout(timer);
    timer = setTimeout(() => model.save_changes(), PAUSE_MS);
  }, { signal });
  signal.addEventListener("abort", () => clearTimeout(timer));
}
