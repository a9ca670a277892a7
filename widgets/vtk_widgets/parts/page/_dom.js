// Small parts of the page: elements, painting once a frame, and noticing theme and size.
import { told } from "./_panel.js";

const LEISURE_MS = 250;

/** A new element inside `parent`. Text goes in as text, never as markup. */
export function make(parent, tag, { className = "", text = "", label = "", ...rest } = {}) {
  const element = Object.assign(document.createElement(tag), rest);
  if (className) element.className = className;
  if (text) element.textContent = text;
  if (label) element.setAttribute("aria-label", label);
  return parent.appendChild(element);
}

/** Keep the notebook's own shortcuts (arrows, space, enter) off this element. */
export function ownKeys(element) {
  element.setAttribute("data-lm-suppress-shortcuts", "true");
  return element;
}

export function button(parent, label, className, onClick, signal) {
  const made = ownKeys(make(parent, "button", { type: "button", label, className, title: label }));
  made.addEventListener("click", onClick, { signal });
  return made;
}

/** Run `paint` at most once per screen refresh, however often it is asked for. With an `element`
 * only while that is near the screen: what is far away waits, until it has painted once (and did
 * not return false) for the page to be at leisure, later for somebody to scroll there. */
export function oncePerFrame(paint, signal, element = null) {
  const safely = told(paint, signal);
  let [asked, late, painted] = [0, 0, false];
  const away = element ? outOfSight(element, ask, signal) : () => false;
  function now() {
    clearTimeout(late);
    [asked, late] = [0, 0];
    if (safely() !== false) painted = true;
  }
  function ask() {
    if (asked || signal.aborted) return;
    if (!away()) asked = requestAnimationFrame(now);
    else if (!painted) late ||= setTimeout(now, LEISURE_MS);
    else away.missed = true;
  }
  signal.addEventListener("abort", () => {
    cancelAnimationFrame(asked);
    clearTimeout(late);
  });
  return ask;
}

/** Do it at once, and of a quick series the last one again when `ms` have passed. */
export function throttled(work, ms, signal) {
  let [timer, more] = [0, false];
  function now() {
    more = false;
    work();
    timer = setTimeout(() => {
      timer = 0;
      if (more) now();
    }, ms);
  }
  signal.addEventListener("abort", () => clearTimeout(timer));
  return () => {
    if (timer) more = true;
    else now();
  };
}

/** Whether an element is further from the screen than half its height. Calls `back` when it comes
 * near after something was `missed`, and before the page is printed. */
function outOfSight(element, back, signal) {
  let far = false; // until the browser says so
  const isAway = () => far;
  function near() {
    far = false;
    if (isAway.missed) back();
    isAway.missed = false;
  }
  const margin = { rootMargin: "50%", scrollMargin: "50%" };
  const watch = new IntersectionObserver((seen) => {
    if (seen.at(-1).isIntersecting) near();
    else far = true;
  }, margin);
  watch.observe(element);
  addEventListener("beforeprint", near, { signal });
  signal.addEventListener("abort", () => watch.disconnect());
  return isAway;
}

/** Call `again` when the element's width or its colours change. Hosts touch these attributes for
 * many reasons; only a change of colour counts. */
export function onLook(element, again, signal) {
  const redo = told(again, signal);
  const colour = () => getComputedStyle(element).color;
  let [width, look, later] = [0, colour(), 0];
  const size = new ResizeObserver(([{ contentRect }]) => {
    if (Math.abs(contentRect.width - width) < 0.5) return;
    width = contentRect.width;
    redo();
  });
  const recolour = () => {
    if (colour() === look) return;
    look = colour();
    redo();
    clearTimeout(later);
    later = setTimeout(redo, 300); // JupyterLab takes the page apart while it changes its theme
  };
  const theme = new MutationObserver(recolour);
  const attributes = ["data-jp-theme-light", "class", "style", "theme", "data-theme"];
  for (const node of [document.documentElement, document.body]) {
    theme.observe(node, { attributes: true, attributeFilter: attributes });
  }
  size.observe(element);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", recolour, { signal });
  signal.addEventListener("abort", () => {
    size.disconnect();
    theme.disconnect();
    clearTimeout(later);
  });
}

/** JPEG bytes as something a canvas can draw, decoded off the main thread; a blank picture where
 * they are none. */
export async function decoded(view) {
  try {
    return await createImageBitmap(new Blob([view], { type: "image/jpeg" }));
  } catch {
    return createImageBitmap(new ImageData(16, 9));
  }
}

/** Canvas size in device pixels. @returns {number} device pixels per CSS pixel */
export function fitCanvas(canvas, width, height) {
  const scale = globalThis.devicePixelRatio || 1;
  canvas.width = Math.max(1, Math.round(width * scale));
  canvas.height = Math.max(1, Math.round(height * scale));
  canvas.style.height = `${height}px`;
  return scale;
}
