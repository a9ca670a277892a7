// A widget's page says how high it is; its frame becomes that high.
addEventListener("message", ({ data, source }) => {
  if (!Number.isFinite(data?.vtkHeightPx)) return;
  for (const frame of document.querySelectorAll("iframe.vtk-page")) {
    if (frame.contentWindow === source) frame.style.height = `${Math.min(data.vtkHeightPx, 5000)}px`;
  }
});
