// A saliency curve on its canvas.
import { fraction } from "./_time.js";
import { fitCanvas } from "./_dom.js";
import { strokes } from "./_tracks.js";

const CURVE_HEIGHT = 64;

function paintGaps(pen, timesS, values, endS, width) {
  timesS.forEach((timeS, i) => {
    if (Number.isFinite(values[i])) return;
    const [x0, x1] = [timeS, timesS[i + 1] ?? endS].map((t) => fraction(t, endS) * width);
    pen.fillRect(x0, 0, x1 - x0, CURVE_HEIGHT);
  });
}

function paintStroke(pen, points, colour) {
  const trace = () => {
    pen.beginPath();
    points.forEach(([x, y], i) => i ? pen.lineTo(x, y) : pen.moveTo(x, y));
  };
  trace();
  pen.lineTo(points.at(-1)[0], CURVE_HEIGHT);
  pen.lineTo(points[0][0], CURVE_HEIGHT);
  Object.assign(pen, { globalAlpha: 0.16, fillStyle: colour });
  pen.fill();
  trace();
  Object.assign(pen, { globalAlpha: 1, strokeStyle: colour, lineWidth: 1.75, lineJoin: "round" });
  pen.stroke();
}

/** Steps with a wash below them, and bands where there is no value. */
export function drawCurve(canvas, timesS, values, endS, { colour, gap }) {
  const width = canvas.clientWidth;
  const scale = fitCanvas(canvas, width, CURVE_HEIGHT);
  const pen = canvas.getContext("2d");
  pen.scale(scale, scale);
  const [top, high] = [6, CURVE_HEIGHT - 12]; // lines at the rim stay whole
  pen.fillStyle = gap;
  paintGaps(pen, timesS, values, endS, width);
  for (const stroke of strokes(timesS, values, endS)) {
    paintStroke(pen, stroke.map(([x, y]) => [x * width, top + (1 - y) * high]), colour);
  }
}
