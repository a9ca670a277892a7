// What the tests ask of JupyterLab's page; `_notebook.py` calls these by name.
// JupyterLab shows itself as `jupyterapp` because the server was started with
// `LabApp.expose_app_in_browser`.
(() => {
  const PATIENCE_MS = 60_000; // Playwright's `evaluate` itself would wait for ever
  const pause = (ms) => new Promise((next) => setTimeout(next, ms));
  const command = (name, args) => window.jupyterapp.commands.execute(name, args);
  const panel = (id) => [...window.jupyterapp.shell.widgets("main")].find((w) => w.id === id);
  const kernel = (id) => panel(id).sessionContext.session.kernel;

  const asked = {
    /** Open a file and wait for its kernel. */
    async open(_, path) {
      await window.jupyterapp.restored;
      const opened = await command("docmanager:open", { path, factory: "Notebook" });
      await opened.context.ready;
      await opened.sessionContext.ready;
      await opened.sessionContext.session.kernel.info;
      return opened.id;
    },

    /** Bring a tab to the front; commands go to the current one. */
    async activate(id) {
      const { shell } = window.jupyterapp;
      shell.activateById(id);
      while (shell.currentWidget?.id !== id) await pause(10);
    },

    /** Run all cells. Returns the tracebacks of those that failed. */
    async run(id) {
      await asked.activate(id);
      await command("notebook:run-all-cells");
      const outputs = [...panel(id).content.model.cells].flatMap((c) => c.outputs?.toJSON() ?? []);
      return outputs.filter((o) => o.output_type === "error").map((o) => o.traceback.join("\n"));
    },

    /** Put other cells in the place of those there are. */
    rewrite(id, sources) {
      const notebook = panel(id).content.model.sharedModel;
      notebook.transact(() => {
        notebook.deleteCellRange(0, notebook.cells.length);
        notebook.insertCells(0, sources.map((source) => ({ cell_type: "code", source })));
      });
    },

    async clearOutput(id, index) {
      await asked.activate(id);
      panel(id).content.activeCellIndex = index;
      await command("notebook:clear-cell-output");
    },

    /** Run code without a cell. Returns how one expression comes out, or the error. */
    async execute(id, code, expression) {
      const request = { code, store_history: false, user_expressions: { it: expression } };
      const { content } = await kernel(id).requestExecute(request).done;
      return content.status === "ok" ? content.user_expressions.it : content;
    },

    /** Let the kernel sleep; returns when it has begun to. */
    async keepBusy(id, seconds) {
      kernel(id).requestExecute({ code: `__import__("time").sleep(${seconds})` });
      while (kernel(id).status !== "busy") await pause(10);
    },

    /** Restart the kernel without asking; returns when the new one answers. */
    async restart(id) {
      await panel(id).sessionContext.restartKernel();
      await kernel(id).info;
    },

    kernelStatus: (id) => kernel(id).status,

    /** Which cell is active, how many there are, and whether one is being edited. */
    async cells(id) {
      const { activeCellIndex, widgets, mode } = panel(id).content;
      return [activeCellIndex, widgets.length, mode];
    },

    async theme(_, theme) {
      await command("apputils:change-theme", { theme });
    },

    async close(id) {
      const closing = panel(id);
      await closing.sessionContext.shutdown();
      await closing.context.save(); // else it asks
      closing.close();
    },
  };

  window.vtkTests = {
    ask: (name, id, args) => Promise.race([
      asked[name](id, ...args),
      pause(PATIENCE_MS).then(() => { throw new Error(`${name}: no answer`); }),
    ]),
  };
})();
