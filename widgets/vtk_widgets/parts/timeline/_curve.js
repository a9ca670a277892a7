// What a track shows on its canvas: a curve, a map of heat, or how crowded a long list of moments is.
import { share } from "../page/_time.js";
import { fitCanvas } from "../page/_dom.js";
import { crowd, heatCells, strokes } from "./_tracks.js";

export const CURVE_HEIGHT = 56;

function paintGaps(pen, timesS, values, endS, view, width) {
  timesS.forEach((timeS, i) => {
    if (Number.isFinite(values[i])) return;
    const [x0, x1] = [timeS, timesS[i + 1] ?? endS].map((t) => share(t, view) * width);
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
export function drawCurve(canvas, timesS, values, endS, { colour, gap }, view = [0, endS]) {
  const width = canvas.clientWidth;
  const scale = fitCanvas(canvas, width, CURVE_HEIGHT);
  const pen = canvas.getContext("2d");
  pen.scale(scale, scale);
  const [top, high] = [6, CURVE_HEIGHT - 12]; // lines at the rim stay whole
  pen.fillStyle = gap;
  paintGaps(pen, timesS, values, endS, view, width);
  for (const stroke of strokes(timesS, values, endS, view)) {
    paintStroke(pen, stroke.map(([x, y]) => [x * width, top + (1 - y) * high]), colour);
  }
}

/** Red, green and blue of a computed colour, whatever space it is written in. */
function rgbOf(colour) {
  const pen = new OffscreenCanvas(1, 1).getContext("2d", { willReadFrequently: true });
  pen.fillStyle = colour;
  pen.fillRect(0, 0, 1, 1);
  return pen.getImageData(0, 0, 1, 1).data;
}

/** Cells of one colour, each as full as its byte says; the first row lies at the bottom. */
function paintBands(canvas, cells, rows, columns, height, colour) {
  fitCanvas(canvas, canvas.clientWidth, height);
  const pen = canvas.getContext("2d");
  const [red, green, blue] = rgbOf(colour);
  const image = new ImageData(columns, rows);
  cells.forEach((byte, i) => {
    const at = 4 * ((rows - 1 - Math.floor(i / columns)) * columns + (i % columns));
    image.data.set([red, green, blue, byte], at);
  });
  const small = new OffscreenCanvas(columns, rows);
  small.getContext("2d").putImageData(image, 0, 0);
  pen.clearRect(0, 0, canvas.width, canvas.height);
  pen.imageSmoothingEnabled = false;
  pen.drawImage(small, 0, 0, canvas.width, canvas.height);
}

const columnsOf = (canvas) => Math.max(1, Math.min(2048, Math.round(canvas.clientWidth)));

/** How high a map of that many rows stands. */
export const heatHeight = (rows) => Math.min(112, Math.max(20, 6 * rows));

export function drawHeat(canvas, timesS, values, rows, view, { colour }) {
  const columns = columnsOf(canvas);
  const cells = heatCells(timesS, values, rows, view, columns);
  paintBands(canvas, cells, rows, columns, heatHeight(rows), colour);
}

/** The moments that found no bar of their own, as a band that is darker where more of them lie. */
export function drawCrowd(canvas, moments, view, { colour }) {
  const columns = columnsOf(canvas);
  const counts = crowd(moments, view, columns);
  const most = Math.max(1, ...counts);
  const cells = Uint8Array.from(counts, (n) => n ? Math.round(60 + (195 * n) / most) : 0);
  paintBands(canvas, cells, 1, columns, 14, colour);
}
