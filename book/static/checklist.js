/* Checklists: ticks are kept with the rest of the reader's progress, under each item's text. */
{
  const progress = courseProgress; // book/web/progress.js
  const items = [...document.querySelectorAll(".task-list-item input")].map(box => {
    const key = box.parentElement.textContent.trim();
    const label = document.createElement("label");
    box.parentElement.insertBefore(label, box);
    while (label.nextSibling && label.nextSibling.nodeName !== "UL") label.append(label.nextSibling);
    box.disabled = false;
    return {box, key};
  });

  const bar = document.createElement("div");
  bar.className = "checklist-bar";
  bar.innerHTML = `<progress max="${items.length}" aria-label="Ticked items"></progress>
    <span role="status"></span>
    <button type="button" class="btn btn-sm">Export</button>
    <button type="button" class="btn btn-sm">Import</button>
    <input type="file" accept=".json,application/json" aria-label="Progress file" hidden>`;
  const [meter, message, save, load, file] = bar.children;

  const show = () => {
    for (const {box, key} of items) box.checked = progress.get("tick", key) === true;
    meter.value = items.filter(({box}) => box.checked).length;
    const scores = Object.keys(progress.exercises).map(progress.score);
    const sum = what => scores.reduce((total, score) => total + score[what], 0);
    message.textContent = `${meter.value} of ${items.length} ticked · ${sum("points")} of ${sum("possible")} points`;
    if (!progress.kept) message.textContent += " (this browser forgets them: use Export)";
  };

  for (const {box, key} of items) {
    box.addEventListener("change", () => progress.set("tick", key, box.checked || null));
  }
  save.addEventListener("click", () => {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([progress.exported()], {type: "application/json"}));
    link.download = "progress.json";
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 1000);
  });
  load.addEventListener("click", () => file.click());
  file.addEventListener("change", async () => {
    try {
      progress.imported(await file.files[0].text());
    } catch {
      message.textContent = "Expected a file that Export wrote; all is as it was.";
    }
    file.value = "";
  });

  document.querySelector("article h1").after(bar);
  progress.subscribe(show);
  show();
}
