// Colours with a fixed meaning, the same as in the figures (vtk_notebooks/figures/palette.py; a
// test compares them). The named ones are Okabe and Ito's colour-blind safe set.

export const COLOURS = {
  truth: "#009E73",
  prediction: "#D55E00",
  saliency: "#0072B2",
  dropped: "#8A8A8A",
};

/** A steady colour per token: steps of the golden angle keep neighbouring numbers apart.
 * @returns {number[]} red, green, blue in 0..255 of hsl((137.508 token) % 360, 65%, 55%) */
export function tokenRgb(token) {
  const [hue, saturation, light] = [(token * 137.508) % 360, 0.65, 0.55];
  const reach = saturation * Math.min(light, 1 - light);
  return [0, 8, 4].map((channel) => {
    const k = (channel + hue / 30) % 12;
    return Math.round(255 * (light - reach * Math.max(-1, Math.min(k - 3, 9 - k, 1))));
  });
}
