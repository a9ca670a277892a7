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

const pixelsOf = new Map(); // reading a pixel back is slow

/** Four bytes of a computed colour, as a pixel has them. */
function pixelOf(colour) {
  if (!pixelsOf.has(colour)) pixelsOf.set(colour, firstPixel(colour));
  return pixelsOf.get(colour);
}

function firstPixel(colour) {
  const pen = new OffscreenCanvas(1, 1).getContext("2d");
  pen.fillStyle = colour;
  pen.fillRect(0, 0, 1, 1);
  return new Uint32Array(pen.getImageData(0, 0, 1, 1).data.buffer)[0];
}

/** All bars of all heads, pixel by pixel: thousands of rectangles would take longer. */
function paintBars(pen, place, barsOf, most, look, scale) {
  const image = new ImageData(Math.round(place.width * scale), Math.round(place.height * scale));
  const pixels = new Uint32Array(image.data.buffer);
  const [ground, ink] = [pixelOf(look.faint), pixelOf(look.colour)];
  for (let layer = 0; layer < place.layers; layer++) {
    for (let head = 0; head < place.heads; head++) {
      const box = headBox(place, layer, head);
      const [left, top] = [Math.round(box.x * scale), Math.round(box.y * scale)];
      const [wide, tall] = [Math.round((box.x + box.w) * scale) - left, Math.round((box.y + box.h) * scale) - top];
      const bars = barsOf(layer, head);
      const from = new Int32Array(wide).fill(tall);
      for (let x = 0; bars.length && x < wide; x++) {
        from[x] -= Math.round((bars[Math.floor((x * bars.length) / wide)] / most) * tall);
      }
      for (let y = 0, at = top * image.width + left; y < tall; y++, at += image.width) {
        for (let x = 0; x < wide; x++) pixels[at + x] = y < from[x] ? ground : ink;
      }
    }
  }
  pen.putImageData(image, 0, 0);
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

/** The largest value of one word in any head, or of all words. */
export function mostOf(atlas, rows, runs, row) {
  const [first, step, wide] = row < 0 ? [0, atlas.length, atlas.length] : [row * runs, rows * runs, runs];
  let most = 1;
  for (let start = first; start < atlas.length; start += step) {
    for (let i = start; i < start + wide; i++) if (atlas[i] > most) most = atlas[i];
  }
  return most;
}

/** @param {number} row of the atlas; -1 for all words
 *  @param {number} scale device pixels per CSS pixel */
export function paintHeads(pen, place, atlas, shape, row, look, scale) {
  const there = shape.length === 4 && atlas.length > 0;
  const bars = (layer, head) => there && row >= 0 ? headBars(atlas, shape, layer, head, row) : [];
  const [, , rows, runs] = there ? shape : [0, 0, 1, 1];
  const most = there ? mostOf(atlas, rows, runs, row) : 1;
  paintBars(pen, place, bars, most, look, scale);
  pen.scale(scale, scale);
  if (there && row < 0) {
    const whole = mosaic(atlas, shape, look.rgb, most);
    pen.imageSmoothingEnabled = false;
    for (let layer = 0; layer < place.layers; layer++) {
      for (let head = 0; head < place.heads; head++) {
        const { x, y, w, h } = headBox(place, layer, head);
        pen.drawImage(whole, head * runs, layer * rows, runs, rows, x, y, w, h);
      }
    }
  }
  paintLabels(pen, place, look);
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
