// Attention over time: a curve under the frames.
import { make } from "../page/_dom.js";
import { CURVE_HEIGHT, drawCurve } from "../timeline/_curve.js";
import { partText } from "./_attention.js";

export function attentionTime(parent, model, seek, signal) {
  const canvas = make(parent, "canvas", { className: "vtk-curve" });
  canvas.setAttribute("role", "img");
  canvas.addEventListener("click", ({ offsetX }) => {
    seek((offsetX / canvas.clientWidth) * model.get("duration_s"));
  }, { signal });

  /** @param {Float32Array | null} looking which frames look at the pinned cell, before `sums` */
  function draw(sums, looking, timeS, colours) {
    const { times_s: timesS, grid } = model.get("pane");
    const values = [...(looking ?? sums ?? new Float32Array(grid[0]).fill(NaN))];
    const look = { colour: colours.colour, gap: colours.faint };
    drawCurve(canvas, timesS, values, model.get("duration_s"), look);
    const what = looking ? "frames that look at this cell" : "attention to each frame";
    const most = partText(Math.max(...values.filter(Number.isFinite), 0));
    canvas.dataset.what = what;
    canvas.setAttribute("aria-label", `${what}, up to ${most}`);
    const pen = canvas.getContext("2d");
    const x = (timeS / Math.max(model.get("duration_s"), 1e-9)) * canvas.clientWidth;
    pen.fillStyle = colours.text;
    pen.fillRect(Math.min(x, canvas.clientWidth - 1.5), 0, 1.5, CURVE_HEIGHT);
    pen.font = "11px system-ui, sans-serif";
    pen.fillStyle = colours.muted;
    pen.fillText(`${what}, up to ${most}`, 6, 14);
  }
  return { canvas, draw };
}
