// An answer that comes soon is the first thing painted; without one the empty picture comes.
import { test } from "node:test";
import assert from "node:assert/strict";
import { patient } from "../../widgets/vtk_widgets/parts/attention/_patient.js";

function drawn(t) {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const [draw, end] = [t.mock.fn(), new AbortController()];
  return { draw, end, drawing: patient(draw, end.signal), count: () => draw.mock.callCount() };
}

test("an answer that comes soon is drawn once, and nothing empty before or after it", (t) => {
  const { drawing, count } = drawn(t);
  drawing.soon();
  t.mock.timers.tick(60);
  assert.equal(count(), 0);
  drawing.now();
  t.mock.timers.tick(1000);
  assert.equal(count(), 1);
});

test("without an answer it is drawn after a while; a new question begins the wait anew", (t) => {
  const { drawing, count } = drawn(t);
  drawing.soon();
  t.mock.timers.tick(100);
  drawing.soon();
  t.mock.timers.tick(100);
  assert.equal(count(), 0);
  t.mock.timers.tick(100);
  assert.equal(count(), 1);
});

test("nothing is drawn once the view is closed", (t) => {
  const { drawing, end, count } = drawn(t);
  drawing.soon();
  end.abort();
  t.mock.timers.tick(1000);
  assert.equal(count(), 0);
});
