// The memory that a model would need, against what there is.
import { make } from "../page/_dom.js";
import { barParts, bytesText, verdictText } from "./_offers.js";

const NAMES = {
  weights: "weights", activations: "activations", cache: "keys and values", spare: "a tenth to spare",
};

/** Draws an estimate into `parent`, which is emptied first. */
export function drawMemory(parent, estimate) {
  parent.replaceChildren();
  const parts = barParts(estimate);
  const bar = make(parent, "div", { className: "vtk-memory-bar" });
  bar.setAttribute("aria-hidden", "true");
  for (const name of Object.keys(NAMES)) {
    make(bar, "i", { className: `vtk-memory-${name}` }).style.width = `${parts[name]}%`;
  }
  make(bar, "b").style.left = `${parts.free}%`;
  const key = make(parent, "p", { className: "vtk-memory-key" });
  for (const name of ["weights", "activations", "cache"]) {
    const one = make(key, "span", { className: `vtk-memory-${name}` });
    one.textContent = `${NAMES[name]} ${bytesText(estimate[name])}`;
  }
  const verdict = make(parent, "p", { className: "vtk-verdict", text: verdictText(estimate) });
  verdict.classList.toggle("vtk-tight", !estimate.fits);
  if (!estimate.fits) {
    make(verdict, "span", { text: " Try a smaller dtype, a shorter prompt, or a smaller model." });
  }
}
