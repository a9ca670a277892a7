// What a notebook does for a widget, done by the page: models, links between them, rendering.
const page = JSON.parse(document.getElementById("vtk-state").textContent);
const blobs = page.blobs.map((text) => Uint8Array.from(atob(text), (c) => c.charCodeAt(0)).buffer);

function revived(value) {
  if (Array.isArray(value)) return value.map(revived);
  if (value === null || typeof value !== "object") return value;
  if (value.$blob !== undefined) return new DataView(blobs[value.$blob]);
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, revived(inner)]));
}

function standIn(state) {
  const bus = new EventTarget();
  const same = (a, b) => a === b || (typeof a !== "number" && JSON.stringify(a) === JSON.stringify(b));
  return {
    get: (key) => state[key],
    set(key, value) {
      if (same(state[key], value)) return;
      state[key] = value;
      bus.dispatchEvent(new Event(`change:${key}`));
    },
    on: (name, fn) => bus.addEventListener(name, fn),
    off: (name, fn) => bus.removeEventListener(name, fn),
    save_changes() {},
    send() {},
  };
}

const models = Object.fromEntries(
  Object.entries(page.models).map(([id, { state }]) => [id, standIn(revived(state))]));
const idOf = (ref) => ref.replace("anywidget:", "");
const host = {
  getModel: async (ref) => models[idOf(ref)],
  getWidget: async (ref) => ({ // a widget inside a widget
    render: ({ el, signal: until }) => drawn(idOf(ref), el, until),
  }),
};
const modules = page.modules.map((text) => {
  const url = URL.createObjectURL(new Blob([text], { type: "text/javascript" }));
  return import(url).finally(() => URL.revokeObjectURL(url));
});
const { signal } = new AbortController();

async function drawn(id, el, until) {
  const { default: widget } = await modules[page.models[id].module];
  await widget.render({ model: models[id], el, signal: until, host });
}

await Promise.all([...document.querySelectorAll("[data-model]")].map(async (el) => {
  try {
    await drawn(el.dataset.model, el, signal);
  } catch (error) {
    console.error(error);
    el.textContent = `This widget could not be drawn: ${error.message}`;
  }
}));
document.documentElement.dataset.ready = "true";
if (globalThis.parent !== globalThis) { // in a frame: only the widgets, and how high they are
  document.documentElement.classList.add("page-framed");
  const tell = () => parent.postMessage({ vtkHeightPx: document.body.scrollHeight }, "*");
  new ResizeObserver(tell).observe(document.body);
}
