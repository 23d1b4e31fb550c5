/* What is wider than its column scrolls on its own and can be reached with the keyboard; the copy
   buttons are for the mouse: who reads with Tab would meet hundreds. */
addEventListener("load", () => {
  const blocks = "div.math, .cell_output, .cell_output pre, .highlight pre";
  const set = (box, scrolls) => {
    if (scrolls) {
      box.tabIndex = 0;
      box.setAttribute("role", "group"); // a region would be a landmark, one of fifty
      box.setAttribute("aria-label", "Scrolls sideways");
    } else {
      ["tabindex", "role", "aria-label"].forEach((name) => box.removeAttribute(name));
    }
  };
  const mark = () => {
    document.querySelectorAll(blocks).forEach((box) => set(box, box.scrollWidth > box.clientWidth));
    document.querySelectorAll("span.math").forEach((formula) => {
      formula.classList.remove("math-scrolls");
      const room = formula.closest("p, li, td, dd, figcaption, summary")?.clientWidth ?? Infinity;
      const wide = formula.firstElementChild?.getBoundingClientRect().width > room;
      formula.classList.toggle("math-scrolls", wide);
      set(formula, wide);
    });
  };
  mark();
  addEventListener("resize", mark);
  document.querySelectorAll(".copybtn").forEach((button) => (button.tabIndex = -1));
});

/* What stands around a word that was found is fetched, which a page from the disk cannot. */
DOCUMENTATION_OPTIONS.SHOW_SEARCH_SUMMARY = location.protocol !== "file:";
