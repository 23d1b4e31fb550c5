/* At the top of an exercise: the points, the notebook with the reader's answers, the other ways in. */
import {download} from "../progress.js";
import {button, element} from "./dom.js";
import {offlineButton} from "./offline.js";

/* page: {name, progress, root}; answered() gives {cell id: source}. */
export function addBar(page, answered) {
  const {name, progress, root} = page;
  const meter = element("progress", {ariaLabel: "Points of this exercise"});
  const points = element("strong");
  const message = element("span", {role: "status", className: "practice-status"});
  const show = () => {
    const {points: got, possible} = progress.score(name);
    Object.assign(meter, {max: possible, value: got});
    points.textContent = `${got} of ${possible} points`;
    if (!progress.kept) message.textContent = "This browser keeps nothing: export before you leave.";
  };

  const notebook = button("Download my notebook", async () => {
    try {
      download(await withAnswers(new URL(`_sources/${name}.ipynb`, root), answered()), `${name.split("/").pop()}.ipynb`);
      message.textContent = "Downloaded, with your answers in it.";
    } catch {
      message.textContent = "The notebook could not be fetched: is there a network?";
    }
  });
  const lite = document.querySelector(".open-in-lite"); // each notebook's page has it
  const parts = [meter, points, notebook, lite, ...transfer(progress, message), ...offlineButton(root, message), message];
  const bar = element("div", {className: "practice-top"}, ...parts);
  bar.setAttribute("role", "region");
  bar.setAttribute("aria-label", "Your progress");
  document.querySelector("article h1").after(bar);
  progress.subscribe(show);
  show();
}

/* The exercise as a teacher wants it: each answer in its cell. */
async function withAnswers(url, answers) {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${url} answered ${response.status}`);
  const notebook = await response.json();
  for (const cell of notebook.cells) {
    if (cell.id in answers) cell.source = answers[cell.id];
  }
  return JSON.stringify(notebook, null, 1);
}

/* Two buttons: all progress into a file, and back. */
function transfer(progress, message) {
  const file = element("input", {type: "file", accept: ".json,application/json", hidden: true, ariaLabel: "Progress file"});
  file.addEventListener("change", async () => {
    try {
      progress.imported(await file.files[0].text());
      message.textContent = "Imported: the newer of each answer, tick and point stays.";
    } catch {
      message.textContent = "Expected a file that Export wrote; all is as it was.";
    }
    file.value = "";
  });
  return [
    button("Export", () => download(progress.exported(), "progress.json")),
    button("Import", () => file.click()),
    file,
  ];
}
