// One line of text: where everybody looks at the moment.
import { secondsText, spanText } from "./parts/page/_time.js";
import { make } from "./parts/page/_dom.js";

/** @returns {string} what is selected, for people */
export function selectionText(get) {
  const parts = [secondsText(get("time_s"))];
  const [frame, row, column] = get("cell");
  if (frame >= 0) parts.push(`cell (${frame}, ${row}, ${column})`);
  if (get("token") >= 0) parts.push(`token ${get("token")}`);
  const [startS, endS] = get("moment");
  if (endS !== undefined) parts.push(`moment ${spanText(startS, endS)}`);
  const [fromS, toS] = get("window");
  if (toS !== undefined) parts.push(`window ${spanText(fromS, toS)}`);
  for (const name of ["layer", "head", "word"]) {
    if (get(name) >= 0) parts.push(`${name} ${get(name)}`);
  }
  return parts.join(" · ");
}

function render({ model, el }) {
  const root = make(el, "div", { className: "vtk vtk-selection" });
  const line = make(root, "output", { label: "Selection" });
  line.setAttribute("role", "status");
  const draw = () => { line.textContent = selectionText((name) => model.get(name)); };
  const told = ["time_s", "cell", "token", "moment", "window", "layer", "head", "word"];
  for (const name of told) model.on(`change:${name}`, draw);
  draw();
  root.dataset.ready = "true";
}

export default { render };
