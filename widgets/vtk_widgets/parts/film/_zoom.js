// Which part of a picture is on show. A view is { scale, x, y }: CSS pixels for one pixel of the
// picture, and the pixel in the upper left corner. `box` and `picture` are [width, height].

const MOST_SCALE = 32;

export const fitScale = (box, picture) => Math.min(box[0] / picture[0], box[1] / picture[1]);
export const fitted = (box, picture) => kept({ scale: fitScale(box, picture), x: 0, y: 0 }, box, picture);

/** The same with the picture in sight: in the middle where it is smaller than its box. */
export function kept({ scale, x, y }, box, picture) {
  const held = (from, side) => {
    const room = picture[side] - box[side] / scale;
    return room < 0 ? room / 2 : Math.min(room, Math.max(0, from));
  };
  return { scale, x: held(x, 0), y: held(y, 1) };
}

/** Larger or smaller about a point of the box, which keeps its pixel. */
export function zoomedAbout(view, factor, point, box, picture) {
  const least = Math.min(1, fitScale(box, picture));
  const scale = Math.min(MOST_SCALE, Math.max(least, view.scale * factor));
  const [x, y] = [view.x, view.y].map((from, i) => from + point[i] / view.scale - point[i] / scale);
  return kept({ scale, x, y }, box, picture);
}

/** Moved by a distance in the box. */
export function panned(view, by, box, picture) {
  return kept({ ...view, x: view.x - by[0] / view.scale, y: view.y - by[1] / view.scale }, box, picture);
}

/** Whether the whole picture is on show, as large as its box allows. */
export const isFitted = (view, box, picture) => Math.abs(view.scale - fitScale(box, picture)) < 1e-3;

/** Draw what is on show. */
export function drawView(canvas, bitmap, view, box, picture) {
  const pen = canvas.getContext("2d");
  const k = canvas.width / box[0]; // device pixels for one of CSS
  const s = bitmap.width / picture[0]; // a coarse picture has fewer pixels
  pen.setTransform(1, 0, 0, 1, 0, 0);
  pen.clearRect(0, 0, canvas.width, canvas.height);
  pen.imageSmoothingEnabled = (view.scale * k) / s < 3; // then pixels are shown as pixels
  pen.setTransform((k * view.scale) / s, 0, 0, (k * view.scale) / s, -view.x * view.scale * k, -view.y * view.scale * k);
  pen.drawImage(bitmap, 0, 0);
}
