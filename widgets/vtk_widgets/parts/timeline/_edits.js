// A person's own spans, and every step back and forth: nothing here touches the page.
import { snapped, steppedTime } from "../page/_time.js";

const MOST_STEPS = 200; // that can be undone
const STEP_S = 0.1; // where there are no frames to step by
export const LEAST_S = 0.01; // shorter spans can be neither seen nor caught

export const history = (present) => ({ past: [], present, future: [] });

/** A new step; what was undone before is gone. */
export function done({ past, present }, next) {
  if (JSON.stringify(next) === JSON.stringify(present)) return { past, present, future: [] };
  return { past: [...past, present].slice(-MOST_STEPS), present: next, future: [] };
}

export function undone(steps) {
  const { past, present, future } = steps;
  if (!past.length) return steps;
  return { past: past.slice(0, -1), present: past.at(-1), future: [present, ...future] };
}

export function redone(steps) {
  const { past, present, future } = steps;
  if (!future.length) return steps;
  return { past: [...past, present], present: future[0], future: future.slice(1) };
}

const round = (timeS) => Math.round(timeS * 1e6) / 1e6; // no 0.30000000000000004 in a file

/** A span with one edge, or all of it, moved; it stays in the film and its ends do not cross. */
export function reshaped(span, part, byS, endS) {
  const { start_s: startS, end_s: stopS } = span;
  if (part === "all") {
    const by = Math.min(endS - stopS, Math.max(-startS, byS));
    return { ...span, start_s: round(startS + by), end_s: round(stopS + by) };
  }
  if (part === "start") {
    return { ...span, start_s: round(Math.max(0, Math.min(stopS - LEAST_S, startS + byS))) };
  }
  return { ...span, end_s: round(Math.min(endS, Math.max(startS + LEAST_S, stopS + byS))) };
}

/** The same where the edge, or for `all` the start, lands on a frame. */
export function dragged(span, part, byS, timesS, endS) {
  const edgeS = part === "end" ? span.end_s : span.start_s;
  return reshaped(span, part, snapped(timesS, edgeS + byS, endS) - edgeS, endS);
}

/** The same, a frame further. */
export function nudged(span, part, by, timesS, endS) {
  const edgeS = part === "end" ? span.end_s : span.start_s;
  if (!timesS.length) return reshaped(span, part, by * STEP_S, endS);
  const nextS = steppedTime(timesS, edgeS, by);
  const toS = by > 0 && nextS <= edgeS + 1e-6 ? endS : // beyond the last frame there is the film's end
    by < 0 && edgeS >= endS - 1e-6 ? timesS.at(-1) : nextS;
  return reshaped(span, part, toS - edgeS, endS);
}

/** A span that starts at a time, a tenth of what is on show long. */
export function spanAt(timeS, view, timesS, endS) {
  const lengthS = Math.max(LEAST_S, (view[1] - view[0]) / 10);
  const startS = Math.max(0, Math.min(snapped(timesS, timeS, endS), endS - LEAST_S));
  const stopS = Math.max(startS + LEAST_S, snapped(timesS, startS + lengthS, endS));
  return { start_s: round(startS), end_s: round(Math.min(endS, stopS)), score: 1, text: "" };
}

export const replaced = (spans, i, span) => spans.map((other, k) => k === i ? span : other);
export const without = (spans, i) => spans.filter((_, k) => k !== i);

/** What a key does to the edges of the span it is pressed on: shift moves the end, alt the start,
 * both the whole span; null where it does nothing. @returns {{ part: string, by: number } | null} */
export function keyedEdge({ key, shiftKey, altKey, ctrlKey, metaKey }) {
  const by = { ArrowRight: 1, ArrowLeft: -1 }[key];
  if (!by || ctrlKey || metaKey || !(shiftKey || altKey)) return null;
  return { part: shiftKey && altKey ? "all" : shiftKey ? "end" : "start", by };
}
