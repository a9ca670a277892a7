// How far long work is, a button that stops it, and what went wrong (see _working.py).
import { make, button } from "./_dom.js";

/** @returns {string} the step and how much of it is done, for people */
export function jobText(step, part) {
  const doing = step || "working";
  return part < 0 ? `${doing}…` : `${doing} ${Math.round(100 * part)} %`;
}

/** A line that shows while its model is busy, and an alert with the last message. */
export function jobLine(parent, model, signal) {
  const line = make(parent, "div", { className: "vtk-job" });
  const bar = make(line, "progress", { max: 1, label: "Progress" });
  const text = make(line, "span", { className: "vtk-job-text" });
  const stop = button(line, "Stop", "vtk-stop", () => {
    model.set("stops", model.get("stops") + 1);
    model.save_changes();
    stop.disabled = true;
  }, signal);
  stop.textContent = "Stop";
  const alert = make(parent, "p", { className: "vtk-error" });
  alert.setAttribute("role", "alert");

  function draw() {
    const [busy, part] = [model.get("busy"), model.get("part")];
    line.hidden = !busy;
    if (!busy) stop.disabled = false;
    if (part < 0) bar.removeAttribute("value");
    else bar.value = part;
    text.textContent = busy ? jobText(model.get("step"), part) : "";
    if (alert.textContent !== model.get("message")) alert.textContent = model.get("message");
  }
  for (const name of ["busy", "step", "part", "message"]) model.on(`change:${name}`, draw);
  draw();
  return { line, alert, draw };
}
