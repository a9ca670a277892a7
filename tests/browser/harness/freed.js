// Renders a page's widget again in a place that goes away, and remembers what it took weakly.
async ([id]) => {
  const page = JSON.parse(document.getElementById("vtk-state").textContent);
  const taken = window.taken = { bitmaps: [], roots: [], observers: 0 };
  const bytes = (text) => Uint8Array.from(atob(text), (c) => c.charCodeAt(0)).buffer;
  const blobs = page.blobs.map(bytes);
  const revived = (value) => {
    if (Array.isArray(value)) return value.map(revived);
    if (value === null || typeof value !== "object") return value;
    if (value.$blob !== undefined) return new DataView(blobs[value.$blob]);
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, revived(inner)]));
  };
  const heard = window.heard = {}; // what listens to a model that stays
  const model = (name, context) => {
    const state = revived(page.models[name].state);
    const listeners = heard[name] ??= new Set();
    const own = [];
    context.addEventListener("abort", () => { // as anywidget does for a view's own model
      if (name === id) for (const fn of own) listeners.delete(fn);
    });
    return {
      get: (key) => state[key],
      set(key, value) { state[key] = value; },
      on(_, fn) { own.push(fn); listeners.add(fn); },
      off(_, fn) { listeners.delete(fn); },
      save_changes() {},
    };
  };
  for (const name of ["ResizeObserver", "MutationObserver", "IntersectionObserver"]) {
    const Real = window[name];
    window[name] = class extends Real {
      constructor(...args) { super(...args); taken.observers += 1; }
      disconnect() { super.disconnect(); taken.observers -= 1; }
    };
  }
  const decode = window.createImageBitmap;
  window.createImageBitmap = async (...args) => {
    const bitmap = await decode(...args);
    taken.bitmaps.push(new WeakRef(bitmap));
    return bitmap;
  };
  const source = new Blob([page.modules[page.models[id].module]], { type: "text/javascript" });
  const url = URL.createObjectURL(source);
  const { default: widget } = await import(url);
  URL.revokeObjectURL(url);
  for (let i = 0; i < 3; i++) {
    const closing = new AbortController();
    const el = document.body.appendChild(document.createElement("div"));
    const host = { getModel: async (ref) => model(ref.replace("anywidget:", ""), closing.signal) };
    const props = { el, host, model: model(id, closing.signal), signal: closing.signal };
    const cleanup = await widget.render(props);
    await new Promise((next) => setTimeout(next, 60));
    taken.roots.push(new WeakRef(el.firstElementChild));
    closing.abort();
    cleanup?.();
    el.remove();
  }
}
