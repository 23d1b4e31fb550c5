/* Checklists: ticks stay in this browser, under each item's text, and travel as a small JSON file. */
{
  const KEY = "checklist";
  const items = [...document.querySelectorAll(".task-list-item input")].map(box => {
    const key = box.parentElement.textContent.trim(); // as written: MathJax has not run yet
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
    <input type="file" accept=".json,application/json" aria-label="Checklist file" hidden>`;
  const [progress, message, save, load, file] = bar.children;

  const stored = () => {
    try { return JSON.parse(localStorage.getItem(KEY)) ?? {}; } catch { return {}; }
  };
  const show = ticks => {
    for (const {box, key} of items) box.checked = ticks[key] === true;
    progress.value = items.filter(({box}) => box.checked).length;
    message.textContent = `${progress.value} of ${items.length} ticked`;
  };
  const keep = ticks => {
    show(ticks);
    try { localStorage.setItem(KEY, JSON.stringify(ticks)); } catch {
      message.textContent += " (this browser forgets them: use Export)";
    }
  };
  const collect = () => ({
    ...stored(), ...Object.fromEntries(items.map(({box, key}) => [key, box.checked])),
  });

  for (const {box} of items) box.addEventListener("change", () => keep(collect()));
  save.addEventListener("click", () => {
    const content = new Blob([JSON.stringify(collect(), null, 2)], {type: "application/json"});
    const link = document.createElement("a");
    link.href = URL.createObjectURL(content);
    link.download = "checklist.json";
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 1000);
  });
  load.addEventListener("click", () => file.click());
  file.addEventListener("change", async () => {
    try {
      const ticks = JSON.parse(await file.files[0].text());
      if (Object.values(ticks).some(tick => typeof tick !== "boolean")) throw new TypeError();
      keep(ticks);
    } catch {
      message.textContent = "Expected a file that Export wrote; the ticks are as they were.";
    }
    file.value = "";
  });

  document.querySelector("article h1").after(bar);
  show(stored());
}
