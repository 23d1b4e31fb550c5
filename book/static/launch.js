// JupyterLite needs a web server: over file://, also in the unpacked zip, its button says how to start one.
if (location.protocol === "file:")
  for (const link of document.querySelectorAll('a[href*="lite/notebooks/index.html"]')) {
    const note = document.createElement("p");
    note.className = "dropdown-item launch-note";
    note.style.whiteSpace = "normal";
    note.textContent = "To run this in your browser, serve the site's folder (python -m http.server) "
      + "and open http://localhost:8000.";
    if (link.matches(".dropdown-item")) link.replaceWith(note);
    else link.remove(); // the button that stands on the page itself
  }
