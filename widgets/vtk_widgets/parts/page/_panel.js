// A failure becomes a panel that can be read, never an empty cell. `_assets.py` puts `guarded`
// around every widget, in notebooks and on pages alike.
const PLACES = new WeakMap(); // the signal of a view -> what tells its failures

/** @returns {string} what went wrong, for people */
export const failureText = (error) =>
  error instanceof Error ? `${error.name}: ${error.message}` : String(error);

function panel(role, heading, ...lines) {
  const box = document.createElement("div");
  box.className = "vtk vtk-panel";
  box.setAttribute("role", role);
  for (const [i, text] of [heading, ...lines].entries()) {
    box.appendChild(document.createElement(i ? "p" : "strong")).textContent = text;
  }
  return box;
}

const failure = (heading, error) => panel("alert", heading, failureText(error),
  "Everything else still works. Running the cell again draws it anew.");

const gone = () => panel("status", "The kernel of this widget is gone.",
  "What is here still moves, but Python no longer hears it. Run the cell again.");

/** What tells the failures of one view: above it, until the same work succeeds. */
function place(el) {
  const shown = new Map(); // work -> its panel
  return {
    failed(work, error) {
      console.error(error);
      shown.get(work)?.remove();
      shown.set(work, failure("This widget could not be drawn again.", error));
      el.prepend(shown.get(work));
    },
    done(work) {
      shown.get(work)?.remove();
      shown.delete(work);
    },
  };
}

/** The same work, whose failures are told where `signal`'s view is. */
export function told(work, signal) {
  return (...args) => {
    const at = PLACES.get(signal);
    if (!at) return work(...args);
    const fail = (error) => at.failed(work, error);
    try {
      const out = work(...args);
      if (typeof out?.then !== "function") at.done(work);
      else return out.then((value) => (at.done(work), value), fail);
      return out;
    } catch (error) {
      fail(error);
    }
  };
}

/** A model whose listeners' failures are told. */
export function listening(model, signal) {
  const own = new Map(); // listener -> what the model calls
  return Object.assign(Object.create(model), {
    on(name, fn) {
      if (!own.has(fn)) own.set(fn, told(fn, signal));
      model.on(name, own.get(fn));
    },
    off: (name, fn) => model.off(name, own.get(fn) ?? fn),
    send(...message) {
      try {
        model.send(...message);
      } catch { // the kernel is gone, which a panel says: nobody hears a question
      }
    },
  });
}

/** The widget, with a panel where `render` fails; hosts that hand out no signal get one. */
export function guarded(widget) {
  const render = async (props) => {
    const closing = new AbortController();
    const signal = props.signal ?? closing.signal;
    PLACES.set(signal, place(props.el));
    let said = false; // JupyterLab says so when a kernel is restarted or ends
    props.model.on("comm_live_update", () => {
      if (!said && !props.el.closest(".vtk-nested")) props.el.prepend(gone()); // the outer one says it
      said = true;
    });
    try {
      await widget.render({ ...props, signal, model: listening(props.model, signal) });
    } catch (error) {
      console.error(error);
      props.el.replaceChildren(failure("This widget could not be drawn.", error));
    }
    return () => closing.abort();
  };
  return { ...widget, render };
}
