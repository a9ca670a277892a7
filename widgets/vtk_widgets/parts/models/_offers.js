// Models that can be picked: which ones are meant, and what is said of them.

export const ORIGINS = { package: "In packages", folder: "In folders", cache: "In the hub's cache" };

/** Models out of the bytes of the trait. */
export function offersOf(view) {
  if (!view || !view.byteLength) return [];
  return JSON.parse(new TextDecoder().decode(view));
}

/** Those that hold every word of the search. */
export function meantOffers(offers, search) {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  const text = (o) => `${o.id}\n${o.licence}\n${o.kind}\n${ORIGINS[o.origin]}`.toLowerCase();
  return words.length ? offers.filter((o) => words.every((word) => text(o).includes(word))) : offers;
}

/** What the search could be itself: a folder, or an id of the hub; "" where it is neither, or known. */
export function typedId(offers, search) {
  const id = search.trim();
  const folder = /^(\.{0,2}\/|~|[A-Za-z]:\\)/.test(id);
  const hub = /^[\w.-]+\/[\w.-]+$/.test(id);
  return (folder || hub) && !offers.some((o) => o.id === id) ? id : "";
}

/** Bytes for people. */
export function bytesText(count) {
  if (count >= 1e9) return `${(count / 1e9).toFixed(2)} GB`;
  if (count >= 1e6) return `${(count / 1e6).toFixed(1)} MB`;
  return count ? `${(count / 1e3).toFixed(1)} kB` : "0";
}

/** What an estimate says, in one line. */
export function verdictText({ total, free, fits, device }) {
  const told = `${bytesText(total)} of ${bytesText(free)} free on ${device}`;
  return fits ? `Fits: ${told}.` : `Does not fit: ${told}.`;
}

/** Parts of the memory bar, in percent of its length; `free` is where memory ends. */
export function barParts({ weights, activations, cache, total, free }) {
  const spare = Math.max(0, total - weights - activations - cache);
  const most = Math.max(total, free, 1);
  const parts = { weights, activations, cache, spare };
  const percent = Object.fromEntries(Object.entries(parts).map(([k, v]) => [k, (100 * v) / most]));
  return { ...percent, free: (100 * free) / most };
}
