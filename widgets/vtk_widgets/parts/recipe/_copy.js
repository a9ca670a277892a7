// Copy a recipe or a table: to the clipboard, and into view where there is no clipboard.
import { copyText } from "../page/_clipboard.js";
import { make, ownKeys } from "../page/_dom.js";

export const COPIES = {
  json: ["Recipe as JSON", "json"],
  python: ["Recipe as Python", "python"],
  markdown: ["Table as Markdown", "markdown"],
  latex: ["Table as LaTeX", "latex"],
  csv: ["Table as CSV", "csv"],
};

export function copyBar(parent, model, signal) {
  const bar = make(parent, "div", { className: "vtk-bar vtk-copy" });
  make(bar, "span", { text: "Copy" });
  const said = make(parent, "p", { className: "vtk-summary" });
  said.setAttribute("role", "status");
  const shown = ownKeys(make(parent, "textarea", { readOnly: true, hidden: true, label: "Copied text", rows: 8 }));
  for (const [form, [label]] of Object.entries(COPIES)) {
    const made = ownKeys(make(bar, "button", { type: "button", text: label, className: "vtk-word" }));
    made.addEventListener("click", () => copy(form, label), { signal });
  }
  async function copy(form, label) {
    const text = model.get("texts")[form] ?? "";
    shown.value = text;
    shown.hidden = await copyText(text, bar);
    if (!shown.hidden) shown.select();
    said.textContent = shown.hidden
      ? `${label}: copied, ${text.length} characters.` : `${label}: press Ctrl+C to copy it.`;
  }
}
