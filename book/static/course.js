/* Wide formulas scroll on their own; whatever scrolls can be reached with the keyboard. */
addEventListener("load", async () => {
  await window.MathJax?.startup?.promise;
  const mark = () => document.querySelectorAll("mjx-container[display], .cell_output, .cell_output pre").forEach(box => {
    if (box.scrollWidth > box.clientWidth) {
      box.tabIndex = 0;
      box.setAttribute("role", "region");
      box.setAttribute("aria-label", "Scrolls sideways");
    } else {
      ["tabindex", "role", "aria-label"].forEach(name => box.removeAttribute(name));
    }
  });
  mark();
  addEventListener("resize", mark);
});
