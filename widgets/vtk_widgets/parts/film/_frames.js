// Where a player's pictures come from: a clip that is all here, or a film that is asked bit by bit.
import { frameAt, steppedTime } from "../page/_time.js";
import { decoded } from "../page/_dom.js";

const AHEAD = 12; // frames decoded before they are needed
const MOST_PIXELS_BYTES = 64 * 2 ** 20; // of decoded frames; then the longest unused one goes
const MOST_FAR_BYTES = 48 * 2 ** 20; // of undecoded frames of a film; then the farthest go
const STRETCH_S = 2; // that is asked for at once
const PATIENCE_MS = 6000; // after that a wish counts as lost

/** How many decoded frames of a size may be kept. */
export const mostDecoded = (width, height) =>
  Math.min(96, Math.max(AHEAD + 4, Math.floor(MOST_PIXELS_BYTES / Math.max(1, 4 * width * height))));

/** Decoded frames, made when asked for; forgets, and frees, the longest unused. */
export function frameCache(decode, most = 96) {
  const ready = new Map(); // key -> promise; a Map keeps the order of use
  const free = (frame) => Promise.resolve(frame).then((bitmap) => bitmap?.close?.(), () => {});
  const get = (key) => {
    const found = ready.get(key) ?? decode(key);
    ready.delete(key);
    ready.set(key, found);
    if (ready.size > most) {
      const [oldest, frame] = ready.entries().next().value;
      ready.delete(oldest);
      free(frame);
    }
    return found;
  };
  const close = () => {
    for (const frame of ready.values()) free(frame);
    ready.clear();
  };
  return { get, close, size: () => ready.size };
}

/** A clip: every frame is here. */
export function nearFrames(frames, timesS, width, height) {
  const cache = frameCache((index) => decoded(frames[index]), mostDecoded(width, height));
  const at = (timeS) => {
    const index = Math.min(frames.length - 1, frameAt(timesS, timeS)); // traits change one by one
    return { key: index, index, timeS: timesS[index], exact: true };
  };
  return {
    at,
    bitmap: ({ key }) => cache.get(key),
    step: (timeS, by) => steppedTime(timesS, timeS, by),
    want({ index }) {
      for (let i = index + 1; i <= Math.min(frames.length - 1, index + AHEAD); i++) cache.get(i);
    },
    close: cache.close,
  };
}

/** Frames of a film that are here, each with until when it is known to stand. */
export function frameStore(mostBytes = MOST_FAR_BYTES) {
  let frames = []; // { timeS, untilS, data } by time
  let bytes = 0;
  function find(timeS) {
    let [low, high] = [0, frames.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (frames[middle].timeS <= timeS + 1e-6) low = middle + 1;
      else high = middle;
    }
    return low - 1;
  }
  /** The frame on screen at a time, if it is here. */
  function get(timeS) {
    const found = frames[find(timeS)];
    return found && timeS <= found.untilS + 1e-6 ? found : null;
  }
  /** All frames from one time to another came in. */
  function put(timesS, data, toS, aroundS) {
    timesS.forEach((timeS, i) => {
      const untilS = i + 1 < timesS.length ? timesS[i + 1] - 2e-6 : Math.max(timeS, toS);
      const old = frames[find(timeS)];
      if (old && Math.abs(old.timeS - timeS) < 1e-6) {
        old.untilS = Math.max(old.untilS, untilS);
        return;
      }
      frames.splice(find(timeS) + 1, 0, { timeS, untilS, data: data[i] });
      bytes += data[i].byteLength;
    });
    while (bytes > mostBytes && frames.length > 1) { // the end that is farther away goes
      const gone = aroundS - frames[0].timeS > frames.at(-1).timeS - aroundS ? frames.shift() : frames.pop();
      bytes -= gone.data.byteLength;
    }
  }
  /** Whether every moment between two times is known. */
  function covers(fromS, toS) {
    for (let i = find(fromS), timeS = fromS; ; i += 1) {
      const frame = frames[i];
      if (!frame || frame.timeS > timeS + 1e-4 || frame.untilS < timeS - 1e-6) return false;
      if (frame.untilS >= toS - 1e-4) return true;
      timeS = frame.untilS + 2e-6;
    }
  }
  return { get, put, covers, size: () => frames.length, bytes: () => bytes };
}

/** Stretches of a film that are worth asking for: the one around a time, and while it plays the
 * next. @returns {number[][]} */
export function stretchesAround(timeS, endS, playing) {
  const first = Math.floor(timeS / STRETCH_S) * STRETCH_S;
  const starts = playing ? [first, first + STRETCH_S] : [first];
  return starts.filter((s) => s < endS - 1e-3).map((s) => [s, Math.min(endS, s + STRETCH_S)]);
}

/** A film: asks the kernel through `send`, shows a coarse picture meanwhile.
 * @param changed called when something new has come in */
export function farFrames({ send, endS, periodS, width, height, changed, trouble }) {
  const [near, strip] = [frameStore(), []];
  const pictures = new Map(); // key -> data, to decode
  const cache = frameCache((key) => decoded(pictures.get(key)), mostDecoded(width, height));
  let [next, asked, at0, rest, asking, late] = [null, 0, 0, 0, null, 0];

  const waits = () => performance.now() - asked < PATIENCE_MS;
  function wishFrame(timeS) { // one on its way, the last of the others waits
    if (asked && waits()) { next = timeS; return; }
    asked = performance.now();
    next = null;
    clearTimeout(late);
    late = setTimeout(() => { if (asked) changed(); }, PATIENCE_MS + 50); // lost: ask once more
    send({ kind: "frame", time_s: timeS });
  }
  function wishStretch(playing) {
    if (asking && performance.now() - asking.at < PATIENCE_MS) return;
    const lacking = stretchesAround(at0, endS, playing).find(([a, b]) => !near.covers(a, Math.min(b, endS - periodS)));
    asking = lacking ? { at: performance.now(), playing } : null;
    if (lacking) send({ kind: "stretch", start_s: lacking[0], end_s: lacking[1] });
  }

  function at(timeS) {
    const here = near.get(timeS);
    if (here) return pictured(here.timeS, here.data, true);
    const times = strip.map(([t]) => t);
    const coarse = strip[times.length ? frameAt(times, timeS) : 0];
    return coarse ? pictured(coarse[0], coarse[1], false) : null;
  }
  function pictured(timeS, data, exact) {
    const key = `${exact ? "" : "coarse "}${timeS}`;
    pictures.set(key, data);
    if (pictures.size > 400) pictures.delete(pictures.keys().next().value);
    return { key, index: Math.round(timeS / periodS), timeS, exact };
  }

  function hear(content, buffers) {
    if (content.kind === "frames") {
      near.put(content.times_s, buffers, content.to_s, at0);
      if (content.times_s.length === 1) asked = 0;
      else {
        const { playing } = asking ?? {};
        asking = null;
        wishStretch(playing);
      }
      if (next !== null) wishFrame(next);
      changed();
    } else if (content.kind === "strip") {
      content.times_s.forEach((timeS, i) => strip.push([timeS, buffers[i]]));
      strip.sort(([a], [b]) => a - b);
      changed();
    } else if (content.kind === "trouble" && content.of !== "sound") {
      [asked, asking, next] = [0, null, null];
      trouble(content.text);
    }
  }

  return {
    at, hear,
    bitmap: ({ key }) => cache.get(key),
    step(timeS, by) {
      const here = near.get(timeS);
      if (!here) return Math.min(endS, Math.max(0, timeS + by * periodS));
      if (by > 0) return Math.min(endS, Math.max(near.get(here.untilS + 1e-5)?.timeS ?? 0, here.timeS + periodS));
      return near.get(here.timeS - 1e-5)?.timeS ?? Math.max(0, here.timeS - periodS / 2);
    },
    want(_frame, timeS, playing) {
      at0 = timeS;
      if (!near.get(timeS)) wishFrame(timeS);
      clearTimeout(rest);
      if (playing) wishStretch(true);
      else rest = setTimeout(() => wishStretch(false), 150); // when the hand rests
    },
    start: () => send({ kind: "strip" }),
    silent: () => asked > 0 && !waits(),
    close() {
      clearTimeout(rest);
      clearTimeout(late);
      cache.close();
      pictures.clear();
    },
  };
}
