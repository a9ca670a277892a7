// Drawing that waits a little for an answer: an empty picture that the answer would replace at once
// costs as much as the right one, and the answer waits behind it.
const PATIENCE_MS = 120; // then it is honest to show that nothing is there yet

/** `now()` draws; `soon()` draws after a while, unless `now()` came before. */
export function patient(draw, signal) {
  let late = 0;
  const forget = () => clearTimeout(late);
  signal.addEventListener("abort", forget);
  return {
    now() {
      forget();
      draw();
    },
    soon() {
      forget();
      late = setTimeout(draw, PATIENCE_MS);
    },
  };
}
