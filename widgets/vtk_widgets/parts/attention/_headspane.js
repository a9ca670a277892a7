// The pane of all heads: painted once for each word, rings over it, pointer and keys on it.
import { make, ownKeys, fitCanvas } from "../page/_dom.js";
import { headsLayout, headAt, paintHeads, ringHeads } from "./_heads.js";

/** @param {{ peek: (head: number[] | null) => void, choose: (layer: number, head: number) => void }} acts */
export function headsPane(parent, model, acts, signal) {
  const title = make(parent, "div", { className: "vtk-title" });
  make(title, "strong", { text: "Every head" });
  const note = make(title, "span");
  const canvas = ownKeys(make(parent, "canvas", { tabIndex: 0, className: "vtk-heads" }));
  canvas.setAttribute("role", "application");
  canvas.setAttribute("aria-roledescription", "picture of every head");
  canvas.setAttribute("aria-label", "Every head over time. Arrow keys choose a layer and a head.");
  const tip = make(parent, "p", { className: "vtk-note" });
  const base = new OffscreenCanvas(1, 1);
  let place = null;
  let painted = "";
  let peeked = null;

  /** @param {number} row of the asked words; -1 for all */
  function draw(row, word, [layer, head], colours) {
    const [width, layers] = [canvas.clientWidth, model.get("layers").length];
    if (!width || !layers) return false;
    const atlas = model.get("atlas");
    const bytes = atlas.byteLength ? new Uint8Array(atlas.buffer, atlas.byteOffset, atlas.byteLength) : new Uint8Array();
    const scale = globalThis.devicePixelRatio || 1;
    const key = [width, scale, row, bytes.length, colours.text].join("/");
    if (key !== painted) {
      place = headsLayout(width, layers, model.get("heads"));
      fitCanvas(canvas, width, place.height);
      [base.width, base.height] = [canvas.width, canvas.height];
      paintHeads(base.getContext("2d"), place, bytes, model.get("atlas_shape"), row, colours, scale);
      painted = key;
    }
    const pen = canvas.getContext("2d");
    pen.setTransform(1, 0, 0, 1, 0, 0);
    pen.clearRect(0, 0, canvas.width, canvas.height);
    pen.drawImage(base, 0, 0);
    pen.scale(scale, scale);
    if (peeked) ringHeads(pen, place, ...peeked, colours.muted, 1.5);
    ringHeads(pen, place, layer, head, colours.accent, 2.5);
    note.textContent = row < 0 ? "all words over time" : `“${word}” over time`;
    return bytes.length > 0;
  }

  function point(next) {
    if (String(next) === String(peeked)) return;
    peeked = next;
    tip.textContent = next ? `layer ${next[0]}, head ${next[1]}: ${model.get("layers")[next[0]]}` : "";
    acts.peek(next);
  }
  const under = (event) => place && headAt(place, event.offsetX, event.offsetY);
  canvas.addEventListener("pointermove", (event) => point(under(event)), { signal });
  canvas.addEventListener("pointerleave", () => point(null), { signal });
  canvas.addEventListener("click", (event) => {
    const hit = under(event);
    if (hit) acts.choose(...hit);
  }, { signal });
  return { canvas, tip, draw };
}
