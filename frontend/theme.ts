// Sets the reader's choice of ground and contrast before the first paint, so that nothing flashes.
// Loaded as a plain blocking script in the head; keep it free of imports.
const root = document.documentElement;
root.classList.add("scripted"); // what needs script shows itself only with it
try {
  const theme = localStorage.getItem("broadsheet.theme");
  const contrast = localStorage.getItem("broadsheet.contrast");
  if (theme === "light" || theme === "dark") root.dataset.theme = theme;
  if (contrast === "more") root.dataset.contrast = contrast;
} catch {
  // storage may be forbidden: the device's own setting then holds
}
