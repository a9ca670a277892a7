// Numbers for people: few digits, intervals in brackets, a dash where there is none.

const MINUS = "\u2212";
const NONE = "–";

/** At most so many significant digits; counts in full, with thin spaces between thousands. */
export function shortNumber(value, digits = 3) {
  if (value === null || value === undefined || !Number.isFinite(value)) return NONE;
  const whole = Number.isInteger(value) || Math.abs(value) >= 10 ** digits;
  const text = whole ? Math.round(Math.abs(value)).toLocaleString("en") : bare(Math.abs(value), digits);
  return value < 0 && Number(text.replaceAll(",", "")) !== 0 ? MINUS + text : text;
}

const bare = (value, digits) => (value < 10 ** -digits ? value.toExponential(1) : String(Number(value.toPrecision(digits))));

/** The same with its sign always there. */
export function signedNumber(value, digits = 3) {
  const text = shortNumber(value, digits);
  return value > 0 ? `+${text}` : text;
}

/** [low, high] with the given way to write a number; "" where there is no interval. */
export function intervalText({ low, high }, write = shortNumber) {
  return low === null || high === null ? "" : `[${write(low)}, ${write(high)}]`;
}
