// The picture of all heads: small bars over time for one word, or words over time for all.
const LABELS = 24; // left of the rows, CSS pixels
const TOP = 18;
const SPACE = 2;

/** Where every head lies, in CSS pixels. */
export function headsLayout(width, layers, heads) {
  const wide = (width - LABELS) / heads;
  const tall = Math.max(9, Math.min(40, wide * 0.62, Math.max(9, 420 / layers)));
  return { layers, heads, wide, tall, width, height: TOP + layers * tall };
}

/** @returns {[number, number] | null} layer and head under a point */
export function headAt({ layers, heads, wide, tall }, x, y) {
  const [layer, head] = [Math.floor((y - TOP) / tall), Math.floor((x - LABELS) / wide)];
  return layer >= 0 && head >= 0 && layer < layers && head < heads ? [layer, head] : null;
}

/** The head an arrow key leads to. */
export function walkedHead([layer, head], key, layers, heads) {
  const step = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] }[key];
  if (!step) return null;
  if (layer < 0) return [layers - 1, 0];
  const within = (value, count) => Math.min(count - 1, Math.max(0, value));
  return [within(layer + step[0], layers), head < 0 ? 0 : within(head + step[1], heads)];
}

/** One word's runs of frames in one head, out of the atlas. */
export function headBars(atlas, [, heads, rows, runs], layer, head, row) {
  const start = ((layer * heads + head) * rows + row) * runs;
  return atlas.subarray(start, start + runs);
}

function paintLabels(pen, { layers, heads, wide, tall }, look) {
  pen.font = "10px system-ui, sans-serif";
  pen.fillStyle = look.muted;
  const every = (size, room) => Math.max(1, Math.ceil(room / size));
  [pen.textAlign, pen.textBaseline] = ["right", "middle"];
  for (let layer = 0; layer < layers; layer += every(tall, 13)) {
    pen.fillText(layer, LABELS - 6, TOP + (layer + 0.5) * tall);
  }
  [pen.textAlign, pen.textBaseline] = ["center", "alphabetic"];
  for (let head = 0; head < heads; head += every(wide, 17)) {
    pen.fillText(head, LABELS + (head + 0.5) * wide, TOP - 6);
  }
}

function paintBars(pen, box, bars, most, colour) {
  pen.fillStyle = colour;
  const step = box.w / bars.length;
  bars.forEach((value, i) => {
    const high = (value / most) * box.h;
    if (value) pen.fillRect(box.x + i * step, box.y + box.h - high, Math.max(step, 0.6), high);
  });
}

/** Every word of every head as one picture, heads beside layers. */
function mosaic(atlas, [layers, heads, rows, runs], [r, g, b], most) {
  const image = new ImageData(heads * runs, layers * rows);
  atlas.forEach((value, i) => {
    const [run, row] = [i % runs, Math.floor(i / runs) % rows];
    const [head, layer] = [Math.floor(i / (runs * rows)) % heads, Math.floor(i / (runs * rows * heads))];
    image.data.set([r, g, b, (255 * value) / most], 4 * ((layer * rows + row) * heads * runs + head * runs + run));
  });
  const canvas = new OffscreenCanvas(image.width, image.height);
  canvas.getContext("2d").putImageData(image, 0, 0);
  return canvas;
}

/** @param {number} row of the atlas; -1 for all words */
export function paintHeads(pen, place, atlas, shape, row, look) {
  const { layers, heads, wide, tall } = place;
  paintLabels(pen, place, look);
  const bars = (layer, head) => headBars(atlas, shape, layer, head, row);
  const there = shape.length === 4 && atlas.length > 0;
  let most = 1;
  if (there && row < 0) most = atlas.reduce((a, v) => Math.max(a, v), 1);
  for (let layer = 0; there && row >= 0 && layer < layers; layer++) {
    for (let head = 0; head < heads; head++) most = Math.max(most, ...bars(layer, head));
  }
  const whole = there && row < 0 ? mosaic(atlas, shape, look.rgb, most) : null;
  pen.imageSmoothingEnabled = false;
  for (let layer = 0; layer < layers; layer++) {
    for (let head = 0; head < heads; head++) {
      const box = headBox(place, layer, head);
      pen.fillStyle = look.faint;
      pen.fillRect(box.x, box.y, box.w, box.h);
      if (whole) {
        const [, , rows, runs] = shape;
        pen.drawImage(whole, head * runs, layer * rows, runs, rows, box.x, box.y, box.w, box.h);
      } else if (there && row >= 0) paintBars(pen, box, bars(layer, head), most, look.colour);
    }
  }
}

export function headBox({ wide, tall }, layer, head) {
  const gap = Math.min(SPACE, wide / 8);
  return {
    x: LABELS + head * wide, y: TOP + layer * tall, w: wide - gap, h: tall - Math.min(SPACE, tall / 8),
  };
}

/** A ring around the chosen head, or around the row of a layer of which all are joined. */
export function ringHeads(pen, place, layer, head, colour, width) {
  if (layer < 0) return;
  const first = headBox(place, layer, Math.max(0, head));
  const last = headBox(place, layer, head < 0 ? place.heads - 1 : head);
  pen.strokeStyle = colour;
  pen.lineWidth = width;
  const inside = width / 2;
  pen.strokeRect(first.x + inside - 1, first.y + inside - 1, last.x + last.w - first.x + 2 - width, first.h + 2 - width);
}
