// Sound in step with the shared clock. Pieces are decoded when they are near, and let go after.
const MOST_APART_S = 0.12; // then the sound jumps to where the clock is
const MOST_PIECES = 3; // decoded

/** Which piece sounds at a time, and where in it. */
export function placeOf(timeS, pieceS) {
  const number = Math.floor(timeS / pieceS + 1e-9);
  return { number, offsetS: Math.max(0, timeS - number * pieceS) };
}

/** How far the sound is from where it should be. */
export const apart = ({ startedAt, offsetS, rate }, now, wantedS) =>
  Math.abs(offsetS + (now - startedAt) * rate - wantedS);

/** @param piece gives the bytes of a piece, now or later
 * @param told hears "muted", "ready", "playing", or what went wrong */
export function soundTrack({ piece, pieceS, told }) {
  const decodedPieces = new Map(); // number -> promise of an AudioBuffer
  let [context, source, on] = [null, null, false];

  function buffer(number) {
    const found = decodedPieces.get(number)
      ?? Promise.resolve(piece(number)).then((bytes) => context.decodeAudioData(bytes.slice(0)));
    decodedPieces.delete(number);
    decodedPieces.set(number, found);
    if (decodedPieces.size > MOST_PIECES) decodedPieces.delete(decodedPieces.keys().next().value);
    return found;
  }

  function hush() {
    source?.node?.stop();
    source = null;
  }

  async function start(number, offsetS, rate) {
    const mine = source = { number, offsetS, rate, startedAt: context.currentTime, node: null };
    try {
      const sound = await buffer(number);
      if (source !== mine || !on) return; // somewhere else by now
      mine.node = context.createBufferSource();
      Object.assign(mine.node, { buffer: sound });
      mine.node.playbackRate.value = rate;
      mine.node.connect(context.destination);
      const late = (context.currentTime - mine.startedAt) * rate; // it took a while to come
      mine.node.start(0, Math.min(sound.duration, offsetS + late));
      told("playing");
      if (sound.duration >= pieceS - 0.1) buffer(number + 1).catch(() => {}); // the next one, in time
    } catch (error) {
      if (source !== mine) return;
      hush();
      decodedPieces.delete(number);
      set(false);
      told(`no sound: ${error.message ?? error}`);
    }
  }

  /** The clock is here, and runs or not. */
  function follow(timeS, playing, rate) {
    if (!on) return;
    if (!playing) {
      if (source) told("ready");
      return hush();
    }
    const { number, offsetS } = placeOf(timeS, pieceS);
    const right = source && source.number === number && source.rate === rate
      && apart(source, context.currentTime, offsetS) < MOST_APART_S;
    if (right) return;
    hush();
    start(number, offsetS, rate);
  }

  /** Loud or not; only a person's click may make it loud, browsers insist. */
  function set(loud) {
    on = loud;
    if (on) {
      context ??= new AudioContext();
      context.resume();
    } else hush();
    told(on ? "ready" : "muted");
  }

  function close() {
    on = false;
    hush();
    decodedPieces.clear();
    context?.close();
  }
  return { follow, set, close, on: () => on };
}
